// Checks package-lock.json: `npm ci` on every platform must find what it needs, and nothing in it may depend on where
// it was made. A lockfile written against an incomplete package mirror lacks optional platform packages, and then
// `npm ci` refuses it, although `npm install` had worked.
import { readFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const text = readFileSync(file, 'utf8')
const { packages } = JSON.parse(text)
const problems = []

/** Whether `name`, wanted by the package at `path`, is found where Node.js would look for it. */
const resolves = (path, name) => {
  for (let at = path; ;) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (!at) return false
    const nested = at.lastIndexOf('node_modules/')
    const slash = at.lastIndexOf('/', nested > 0 ? nested - 2 : nested)
    at = nested >= 0 ? (nested > 0 ? at.slice(0, nested - 1) : '') : slash > 0 ? at.slice(0, slash) : ''
  }
}

for (const [path, entry] of Object.entries(packages)) {
  if (entry.link) continue
  const peers = Object.keys(entry.peerDependencies ?? {}).filter(
    (name) => !entry.peerDependenciesMeta?.[name]?.optional,
  )
  const wanted = [...Object.keys(entry.dependencies ?? {}), ...Object.keys(entry.optionalDependencies ?? {}), ...peers]
  for (const name of wanted)
    if (!resolves(path, name)) problems.push(`${path || 'the root'} wants ${name}, which is missing`)
  if (path.startsWith('node_modules/') || path.includes('/node_modules/')) {
    if (!entry.integrity) problems.push(`${path} has no integrity`)
    if (entry.resolved) problems.push(`${path} names the address it came from: ${entry.resolved}`)
    if (entry.hasInstallScript) problems.push(`${path} has an install script`)
  } else {
    for (const group of ['dependencies', 'devDependencies', 'optionalDependencies'])
      for (const [name, range] of Object.entries(entry[group] ?? {}))
        if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
          problems.push(`${path || 'the root'} wants ${name} ${range}, which is not an exact version`)
  }
}

if (problems.length) {
  console.error(
    `package-lock.json: ${problems.length} problems\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
  )
  process.exit(1)
}
console.log(
  `package-lock.json: ${Object.keys(packages).length} entries, complete, with integrity and without install scripts`,
)
