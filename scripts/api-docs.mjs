// Writes pages of everything that the packages export, from the docstrings, to docs/build/api (or to the folder named).
//   npm run docs
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// It reads sources by the API of TypeScript, which version 7 has not; it has a TypeScript 6 of its own beside it.
const { Application, ReflectionKind } = await import(
  pathToFileURL(createRequire(join(root, 'docs/package.json')).resolve('typedoc')).href
)

/** The sources of all entries, with the names that they are imported by. */
function entries() {
  const packages = ['core', 'client', 'testkit', ...readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}`)]
  return packages.flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    return Object.entries(exports)
      .filter(([, { types }]) => types)
      .map(([path, { types }]) => ({
        name: name + path.slice(1),
        file: join(root, folder, types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')),
      }))
      .filter(({ file }) => existsSync(file))
  })
}

const out = resolve(process.argv[2] ?? join(root, 'docs/build/api'))
const listed = entries()
const app = await Application.bootstrap({
  entryPoints: listed.map(({ file }) => file),
  tsconfig: join(root, 'docs/tsconfig.api.json'),
  basePath: root,
  name: 'Natter',
  readme: join(root, 'README.md'),
  excludePrivate: true,
  excludeInternal: true,
  // Types are checked by the build, with the TypeScript that we use.
  skipErrorChecking: true,
  disableGit: true,
  disableSources: true,
  logLevel: 'Error',
})
const project = await app.convert()
if (!project) process.exit(1)
for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
  const file = relative(root, join(root, `${module.name}`))
  const entry = listed.find((each) => relative(root, each.file).replace(/(\/index)?\.ts$/, '') === file)
  if (entry) module.name = entry.name
}
await app.generateDocs(project, out)
console.log(`The API is described in ${relative(process.cwd(), join(out, 'index.html'))}`)
