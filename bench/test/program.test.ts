import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import type { Row } from '#src/row.js'

const program = fileURLToPath(import.meta.resolve('#src/index.js'))

async function bench(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, code: code as number | null }
}

test('a row runs from end to end: the servers answer, the figures are real, the JSON is written', async (t) => {
  t.timeout(240_000)
  const folder = await mkdtemp(join(tmpdir(), 'natter-bench-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'bench.json')
  const { stdout, stderr, code } = await bench([
    '--quick',
    '--repetitions',
    '1',
    '--only',
    'history.page50,idle,hook',
    '--json',
    file,
  ])
  t.is(code, 0, stdout + stderr)
  const { rows } = JSON.parse(await readFile(file, 'utf8')) as { rows: readonly Row[] }
  t.deepEqual(
    rows.map(({ id }) => id),
    ['idle.heap', 'idle.rss', 'history.page50', 'hook.dispatch'],
  )
  for (const { id, value, ratio, notRun } of rows) {
    // Elsewhere than on Linux, or without a compiler, the loaded rows say that they did not run.
    if (notRun !== undefined && id !== 'hook.dispatch') continue
    t.true(value!.median > 0 && ratio!.median > 0, id)
    t.true(stdout.includes(id))
  }
  t.regex(stdout, /6\/6 {2}hooks: compiled/)
})

test('what is no option is refused with the usage', async (t) => {
  const { code, stderr } = await bench(['--fast'])
  t.is(code, 2)
  t.regex(stderr, /npm run bench -- \[--quick\]/)
})
