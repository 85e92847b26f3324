// The code in our Markdown. Every block of TypeScript or JavaScript says what it is, after its language:
//
//   ```ts file=src/plugin.ts                        a whole file of the page's own project, compiled (and run) by a test
//   ```ts from=examples/embed-koa/src/shop.ts       what stands in that file, of which other tests know that it works
//   ```ts from=examples/embed-koa/src/shop.ts#chat  the lines between `// #region chat` and `// #endregion`, all of them;
//                                                   `#chat/2` is the second of them alone
//
// What a sample leaves out (a `userId` that the reader has) may stand in a comment, `<!-- file=ambient.d.ts … -->`.
// Blocks of other languages may say so too. A block that is none of these, or is not what stands there, is a problem.
//
//   node scripts/doc-samples.mjs           tells the problems
//   node scripts/doc-samples.mjs --write   copies what stands in the files into the pages
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const block = /^(?<indent>[ \t]*)```(?<lang>\w+)(?<info>[^\n`]*)\n(?<code>[^]*?)^\k<indent>```$/gm
const hidden = /^<!-- file=(?<file>\S+)\n(?<code>[^]*?)^-->$/gm
const mustBeMarked = new Set(['ts', 'tsx', 'js', 'mjs', 'typescript', 'javascript'])

/** Paths of the pages below the root that are held to this. */
export function pages() {
  const below = (folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`)
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folders = workspaces.flatMap((path) =>
    path.endsWith('/*') ? readdirSync(join(root, path.slice(0, -2))).map((name) => path.slice(0, -1) + name) : path,
  )
  const readmes = folders.map((path) => `${path}/README.md`).filter((path) => existsSync(join(root, path)))
  return ['README.md', ...below('docs'), ...readmes]
}

/** The blocks of a page, in order: `{ line, lang, file, from, code }`. */
export function samplesOf(page) {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(block)].map(({ index, groups }) => ({
    line: text.slice(0, index).split('\n').length,
    lang: groups.lang,
    file: /\bfile=(\S+)/.exec(groups.info)?.[1],
    from: /\bfrom=(\S+)/.exec(groups.info)?.[1],
    code: dedent(groups.code),
  }))
}

/** What is wrong with the samples of these pages, a line for each. */
export function problems(list = pages()) {
  return list.flatMap((page) =>
    samplesOf(page).flatMap(({ line, lang, file, from, code }) => {
      const at = `${page}:${line}`
      if (from) {
        const source = sourceOf(from)
        if (source === undefined) return [`${at}: there is no ${from}`]
        return source === code
          ? []
          : [`${at}: this is not what stands in ${from}; node scripts/doc-samples.mjs --write`]
      }
      return file || !mustBeMarked.has(lang) ? [] : [`${at}: a sample that no test knows; give it file=… or from=…`]
    }),
  )
}

/** Writes the files of a page's own project into a folder, and gives their paths. `edit` may change what is written. */
export function writeProject(page, folder, edit = (code) => code) {
  const text = readFileSync(join(root, page), 'utf8')
  const unseen = [...text.matchAll(hidden)].map(({ groups: { file, code } }) => ({ line: 0, file, code }))
  const files = [...samplesOf(page).filter(({ file }) => file), ...unseen]
  const twice = files.find(({ file }, i) => files.findIndex((other) => other.file === file) !== i)
  if (twice) throw new Error(`${page}:${twice.line}: ${twice.file} is there twice`)
  for (const { file, code } of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), edit(code, file))
  }
  return files.map(({ file }) => file)
}

/** The text of a file, or of its regions of a name, without what all of its lines are indented by. */
function sourceOf(from) {
  const [, path, name, nth] = /^([^#]+)(?:#([\w-]+)(?:\/(\d+))?)?$/.exec(from) ?? []
  if (!path || !existsSync(join(root, path))) return undefined
  const text = readFileSync(join(root, path), 'utf8')
  if (!name) return text
  const region = new RegExp(
    `^[ \\t]*(?://|/\\*|#) #?region ${name}(?![\\w-])[^\\n]*\\n([^]*?)^[ \\t]*(?://|/\\*|#) #?endregion`,
    'gm',
  )
  const found = [...text.matchAll(region)].map(([, lines]) => dedent(lines))
  if (nth) return found[Number(nth) - 1]
  return found.length === 0 ? undefined : found.join('\n')
}

function dedent(text) {
  const lines = text.split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)[0].length)
  const least = Math.min(...indents)
  return Number.isFinite(least) && least > 0 ? lines.map((line) => line.slice(least)).join('\n') : text
}

function refresh(page) {
  const path = join(root, page)
  const text = readFileSync(path, 'utf8')
  const fresh = text.replaceAll(block, (whole, indent, lang, info) => {
    const source = sourceOf(/\bfrom=(\S+)/.exec(info)?.[1] ?? '')
    if (source === undefined) return whole
    const lines = source.split('\n').map((line) => (line === '' ? '' : indent + line))
    return `${indent}\`\`\`${lang}${info}\n${lines.join('\n')}${indent}\`\`\``
  })
  if (fresh !== text) writeFileSync(path, fresh)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--write')) for (const page of pages()) refresh(page)
  const found = problems()
  for (const problem of found) console.error(problem)
  process.exitCode = found.length === 0 ? 0 : 1
}
