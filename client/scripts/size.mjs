// Bundles what an app would load and says how much it is. `node client/scripts/size.mjs` ends with 1 beyond the budget.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/** Bytes, minified and compressed. */
export const budgets = {
  client: { source: "export { clientPlugin, ClientError, createClient, memory } from '@natter/client'", bytes: 12_000 },
  indexedDb: { source: "export { indexedDb } from '@natter/client'", bytes: 3_000 },
}

/** The modules and the compressed size of an entry with this source, as a bundler for browsers makes it. */
export async function bundle(source) {
  const entry = 'entry.js'
  const build = await rolldown({
    input: entry,
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    platform: 'browser',
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? source : null) },
    ],
  })
  const { output } = await build.generate({ format: 'esm', minify: true })
  await build.close()
  const chunks = output.filter(({ type }) => type === 'chunk')
  return {
    code: chunks.map(({ code }) => code).join('\n'),
    modules: chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id !== entry),
    bytes: gzipSync(chunks.map(({ code }) => code).join('\n'), { level: 9 }).length,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, budget] of Object.entries(budgets)) {
    const { bytes } = await bundle(budget.source)
    console.log(`${name.padEnd(10)} ${bytes} bytes of ${budget.bytes} (minified, gzip)`)
    if (bytes > budget.bytes) process.exitCode = 1
  }
}
