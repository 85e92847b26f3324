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
      const parts = Object.values(bundle)
      const size = (names) => [...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0)
      const scripts = parts.filter(({ type }) => type === 'chunk')
      const page = readFileSync(join(out, 'index.html'), 'utf8')
      const first = new Set(scripts.map(({ fileName }) => fileName).filter((name) => page.includes(`/${name}"`)))
      if (first.size === 0) throw new Error('The page names none of its scripts, so their size is not known.')
      for (const name of first) for (const needed of bundle[name].imports) first.add(needed)
      const later = scripts.map(({ fileName }) => fileName).filter((name) => !first.has(name))
      const styles = parts.map(({ fileName }) => fileName).filter((name) => name.endsWith('.css'))
      const text = `gzipped: ${kilobytes(size(first))} of scripts, ${kilobytes(size(later))} later, ${kilobytes(size(styles))} of styles`
      if (size(first) > budget)
        throw new Error(`The web app is too large, ${text}; the first scripts may have ${kilobytes(budget)}.`)
      console.log(`The web app, ${text}`)
    },
  }
}

/** What the page needs at once, in one file: the parts that come later use much of it, and would cut it into many small ones. */
function atOnce(entry) {
  const first = new Set()
  const walk = (id, context) => {
    if (first.has(id)) return
    first.add(id)
    for (const needed of context.getModuleInfo(id)?.importedIds ?? []) walk(needed, context)
  }
  return {
    debugName: 'first',
    name: (id, context) => {
      walk(entry, context)
      return first.has(id) ? 'first' : null
    },
  }
}

/** Where the web app runs: browsers that know light-dark() colours. */
const browsers = ['chrome123', 'firefox120', 'safari17.5']

const root = fileURLToPath(new URL('web', import.meta.url))

export default defineConfig({
  root,
  // Everything stays a file of this server: the page's policy allows neither inline code nor data addresses.
  build: {
    outDir: out,
    emptyOutDir: true,
    target: browsers,
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: {
      output: { codeSplitting: { groups: [atOnce(`${root.replaceAll('\\', '/')}/index.html`)] } },
      // On a busy machine each question of `atOnce` counts as slow.
      checks: { bundlerTimings: false },
    },
  },
  plugins: [compressed({ budget: 43_000 })],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server: { proxy: { '/chat': { target: `http://localhost:${process.env.PORT ?? 3000}`, ws: true } } },
})
