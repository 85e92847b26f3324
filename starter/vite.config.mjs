import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { defineConfig } from 'vite'

const out = fileURLToPath(new URL('build/web', import.meta.url))
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

/** Puts a .br and a .gz beside what shrinks, tells the sizes, and keeps what every visit loads within its budget. */
function compressed({ budget }) {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle(_options, bundle) {
      const sizes = new Map()
      for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(html|js|css|svg|webmanifest)$/.test(entry.name)) continue
        const file = join(entry.parentPath, entry.name)
        const content = readFileSync(file)
        const zipped = gzipSync(content, { level: 9 })
        writeFileSync(`${file}.gz`, zipped)
        writeFileSync(`${file}.br`, brotliCompressSync(content))
        sizes.set(relative(out, file).replaceAll('\\', '/'), zipped.length)
      }
      const size = (wanted) =>
        Object.values(bundle).reduce((sum, part) => sum + (wanted(part) ? (sizes.get(part.fileName) ?? 0) : 0), 0)
      const first = size((part) => part.type === 'chunk' && !part.isDynamicEntry)
      const later = size((part) => part.type === 'chunk' && part.isDynamicEntry)
      const styles = size((part) => part.fileName.endsWith('.css'))
      const text = `gzipped: ${kilobytes(first)} of scripts, ${kilobytes(later)} later, ${kilobytes(styles)} of styles`
      if (first > budget)
        throw new Error(`The web app is too large, ${text}; the first scripts may have ${kilobytes(budget)}.`)
      console.log(`The web app, ${text}`)
    },
  }
}

/** Where the web app runs: browsers that know light-dark() colours. */
const browsers = ['chrome123', 'firefox120', 'safari17.5']

export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  // Everything stays a file of this server: the page's policy allows neither inline code nor data addresses.
  build: { outDir: out, emptyOutDir: true, target: browsers, assetsInlineLimit: 0, modulePreload: false },
  plugins: [compressed({ budget: 40_000 })],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/chat': { target: `http://localhost:${process.env.PORT ?? 3000}`, ws: true } } },
})
