import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { compile, pages, problems, root, samplesOf } from './doc-samples.js'

test('every sample is one that a test knows, and is what stands in the code', (t) => {
  t.deepEqual(problems(), [])
})

for (const page of pages().filter((path) => samplesOf(path).some(({ file }) => /\.tsx?$/.test(file ?? '')))) {
  test(`the samples of ${page} compile`, async (t) => {
    const { said, remove } = await compile(page)
    t.teardown(remove)
    t.is(said, '')
  })
}

test('a sample that is old, unknown or of nowhere is told with its page and line', async (t) => {
  const page = 'docs/build/samples/old.md'
  await mkdir(join(root, 'docs/build/samples'), { recursive: true })
  const fence = '```'
  const source = 'examples/plugin-echo/src/index.ts'
  const samples = [
    `${fence}ts from=${source}\nexport { echo } from './plugin.js'\n${fence}`,
    `${fence}ts from=${source}\nexport { echo } from './plugins.js'\n${fence}`,
    `${fence}ts from=${source}#none\nexport { echo } from './plugin.js'\n${fence}`,
    `${fence}ts from=nowhere.ts\n${fence}`,
    `- In a list:\n\n  ${fence}js\n  const x = 1\n  ${fence}`,
    `${fence}sh\nnpm test\n${fence}`,
    `${fence}ts file=x.ts\nconst y = 2\n${fence}`,
  ]
  await writeFile(
    join(root, page),
    `# Old\n\n${samples.slice(0, 4).join('\n\n')}\n\n${samples.slice(4).join('\n\n')}\n`,
  )
  t.teardown(() => rm(join(root, page)))
  t.deepEqual(
    problems([page]).map((line) => line.split(';')[0]),
    [
      `${page}:7: this is not what stands in ${source}`,
      `${page}:11: there is no ${source}#none`,
      `${page}:15: there is no nowhere.ts`,
      `${page}:20: a sample that no test knows`,
    ],
  )
})

test('a sample that does not compile is told', async (t) => {
  const page = 'docs/build/samples/wrong.md'
  await mkdir(join(root, 'docs/build/samples'), { recursive: true })
  const code = "import { createChat } from '@natter/core'\nawait createChat({ plugin: [] })\n"
  await writeFile(join(root, page), `\`\`\`ts file=wrong.ts\n${code}\`\`\`\n`)
  t.teardown(() => rm(join(root, page)))
  const { said, remove } = await compile(page)
  t.teardown(remove)
  t.regex(said, /wrong\.ts\(2,\d+\): error TS/)
})
