import { readFileSync } from 'node:fs'
import test from 'ava'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  name: string
  exports: Record<string, unknown>
}

for (const entry of Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))) {
  test(`${manifest.name} entry ${entry} can be imported by name`, async (t) => {
    t.truthy(await import(manifest.name + entry.slice(1)))
  })
}
