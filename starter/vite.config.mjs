import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { defineConfig } from 'vite'

const out = fileURLToPath(new URL('build/web', import.meta.url))
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

/** Puts a .br and a .gz beside what shrinks, tells the sizes, and keeps the scripts within their budget. */
function compressed({ budget }) {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      const sizes = { js: 0, css: 0 }
      for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
        const kind = /\.(html|js|css|svg|webmanifest)$/.exec(entry.name)?.[1]
        if (!entry.isFile() || !kind) continue
        const file = join(entry.parentPath, entry.name)
        const content = readFileSync(file)
        const zipped = gzipSync(content, { level: 9 })
        writeFileSync(`${file}.gz`, zipped)
        writeFileSync(`${file}.br`, brotliCompressSync(content))
        if (kind in sizes) sizes[kind] += zipped.length
      }
      const text = `The web app: ${kilobytes(sizes.js)} of scripts and ${kilobytes(sizes.css)} of styles, gzipped`
      if (sizes.js > budget) throw new Error(`${text}. The scripts may have ${kilobytes(budget)}.`)
      console.log(text)
    },
  }
}

/** Where the web app runs: browsers that know light-dark() colours. */
const browsers = ['chrome123', 'firefox120', 'safari17.5']

export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  // Everything stays a file of this server: the page's policy allows neither inline code nor data addresses.
  build: { outDir: out, emptyOutDir: true, target: browsers, assetsInlineLimit: 0, modulePreload: false },
  plugins: [compressed({ budget: 43_000 })],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/chat': { target: `http://localhost:${process.env.PORT ?? 3000}`, ws: true } } },
})
