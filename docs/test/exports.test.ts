import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, unknown>>
}
/** Where npm has put the packages of this repository for all of them. */
const installed = new URL('../../../node_modules/@natter/', import.meta.url)

for (const folder of readdirSync(installed)) {
  const manifest = JSON.parse(readFileSync(new URL(`${folder}/package.json`, installed), 'utf8')) as Manifest
  if (manifest.private) continue
  for (const entry of Object.keys(manifest.exports ?? {}).filter((path) => !path.endsWith('.json'))) {
    test(`${manifest.name} entry ${entry} can be imported by name`, async (t) => {
      t.truthy(await import(manifest.name + entry.slice(1)))
    })
  }
}
