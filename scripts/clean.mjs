// Removes what was built, not what was installed and not the data.
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const folders = workspaces.flatMap((pattern) => {
  if (!pattern.endsWith('/*')) return pattern
  const parent = pattern.slice(0, -2)
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
})
const built = folders.flatMap((folder) => [join(folder, 'dist'), join(folder, 'build')])
for (const path of [...built, 'node_modules/.natter-built', 'node_modules/.natter-bundled'])
  rmSync(join(root, path), { recursive: true, force: true })
