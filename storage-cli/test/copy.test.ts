import { existsSync } from 'node:fs'
import test from 'ava'
import { configSchema, copyDatabase, openStore } from '@natter/storage-sql'
import { FakeClock } from '@natter/testkit'
import { captured, copied } from './captured.js'
import { dieAt, runProgram } from './processes.js'
import { goesOn, starts } from './talk.js'
import { sharedSource } from './shared-source.js'
import { tempFiles } from './temp-file.js'

const copy = (from: string, to: string) => ['copy', '--from', from, '--to', to]

const path = (url: string) => url.slice('sqlite:'.length)

const source = sharedSource(test)

test('the program copies, says what both have, and devices notice nothing', async (t) => {
  const file = tempFiles(t)
  const target = file('folder/target.db')
  const env = { FROM_URL: source.url }
  const { code, out, err } = await runProgram(['copy', '--from-env', 'FROM_URL', '--to', target], { env })
  t.is(code, 0, err)
  const rows = out.trimEnd().split('\n')
  t.regex(rows[0]!, /^part +lines +sha256$/)
  t.deepEqual(
    rows.slice(1).map((row) => row.split(/ +/).slice(0, 2).join(' ')),
    // two models of the furniture, three of `offline`, one of the core
    ['model 6', 'step 0', 'start 2', 'mark 1', 'kv 3', 'conversation 4', 'member 9', 'entry 463', 'row 4'],
  )
  for (const row of rows.slice(1)) t.regex(row, / [\da-f]{64}$/)
  t.regex(
    err,
    /^Copying sqlite:.*\n {3}into sqlite:.*\n(.* lines\/s\n)*492 lines in \d+\.\d s\. The copy has what its source has\.\n$/,
  )
  await goesOn(t, target, source.talked)
})

test('a copy that is stopped goes on with the same command', async (t) => {
  const file = tempFiles(t)
  const target = file('target.db')
  // the first in the middle of the entries; the second while both are compared
  for (const at of [/copied +entry/, /compared +member/]) {
    const { code, out, err } = await captured(copy(source.url, target), {
      heard: (text, stop) => at.test(text) && stop(),
    })
    t.is(code, 1)
    t.is(out, '')
    t.regex(err, /Stopped\.\nThe same command goes on where this one stopped\.\n$/)
    await t.throwsAsync(starts(target), { code: 'STORAGE_UNFINISHED' })
  }
  const rest: string[] = []
  const { code, out } = await captured(copy(source.url, target), { heard: (text) => void rest.push(text) })
  t.is(code, 0)
  t.is(out, source.whole)
  t.false(
    rest.some((text) => /copied/.test(text)),
    'everything was copied before',
  )
  await goesOn(t, target, source.talked)
})

test('Ctrl-C stops the program behind the lines that are under way', async (t) => {
  const file = tempFiles(t)
  const many = file('many.db')
  const store = await openStore(configSchema.parse({ url: many }), new FakeClock())
  await store.bulk.begin('test')
  for (let i = 0; i < 10; i++) {
    const lines = Array.from({ length: 1_000 }, (_, k) => ({ space: 'many', key: `${i}-${k}`, value: 'value' }))
    await store.bulk.write('kv', lines, 'somewhere')
  }
  await store.bulk.write('start', [{ incarnation: 'one', mark: 0 }], 'somewhere')
  await store.bulk.finish()
  await store.close()

  const args = copy(many, file('target.db'))
  const { code, signal, out, err } = await runProgram(args, { said: (kill) => kill('SIGINT') })
  t.deepEqual([code, signal, out], [1, null, ''], err)
  t.regex(err, /\nStopped\.\nThe same command goes on where this one stopped\.\n$/)
  t.is((await runProgram(args)).code, 0)
})

test('a copy whose process is killed goes on with the same command', async (t) => {
  const file = tempFiles(t)
  const target = file('target.db')
  // behind the models, in the middle of the entries, while both are compared
  for (const pages of [1, 7, 9]) {
    t.is((await dieAt(pages, source.url, target)).signal, 'SIGKILL', `${pages}`)
    await t.throwsAsync(starts(target), { code: 'STORAGE_UNFINISHED' })
  }
  t.is(await copied(source.url, target), source.whole)
  await goesOn(t, target, source.talked)
})

test('what cannot be copied is refused in one readable line, and nothing is made', async (t) => {
  const file = tempFiles(t)
  const refused = async (from: string, to: string) => {
    const { code, out, err } = await captured(copy(from, to))
    t.is(code, 1)
    t.is(out, '')
    t.notRegex(err, /\n +at /, 'no stack')
    return err.split('\n').slice(2).join('\n')
  }
  t.regex(
    await refused(file('none.db'), file('target.db')),
    /^There is nothing to copy: .*none\.db does not exist\.\n$/,
  )
  t.false(existsSync(path(file('none.db'))))
  t.false(existsSync(path(file('target.db'))))

  const empty = file('empty.db')
  await (await openStore(configSchema.parse({ url: empty }), new FakeClock())).close()
  t.regex(await refused(empty, file('target.db')), /^There is nothing to copy: no server ever started on sqlite:.*\n$/)
  await copied(source.url, empty)
  t.regex(await refused(source.url, empty), /^STORAGE_NOT_EMPTY {2}The store to copy into is not empty\. .*\n$/)

  t.is((await dieAt(8, source.url, file('half.db'))).signal, 'SIGKILL')
  t.regex(await refused(file('half.db'), file('target.db')), /^STORAGE_UNFINISHED {2}/)
  t.regex(await refused(empty, file('half.db')), /^STORAGE_NOT_EMPTY {2}/)

  const away = 'mongodb://user:hunter2@127.0.0.1:1/chat'
  const { code, err } = await runProgram(copy(source.url, away), { lacksMongo: true })
  t.is(code, 1)
  t.regex(err, /\n@natter\/storage-mongo is not installed, .* npm install @natter\/storage-mongo\n$/)
  t.false(err.includes('hunter2'))
})

test('a source that is written to meanwhile is found out, and the copy does not start', async (t) => {
  const file = tempFiles(t)
  const [restless, target] = [file('restless.db'), file('target.db')]
  copyDatabase(source.url, path(restless))
  const store = await openStore(configSchema.parse({ url: restless }), new FakeClock())
  await store.prepare([], [])
  let late: Promise<void> | undefined
  const { code, err } = await captured(copy(restless, target), {
    heard: (text) => {
      if (/copied +entry/.test(text)) late ??= store.kv('suite').set('late', 'value')
    },
  })
  await late
  await store.close()
  t.is(code, 1)
  t.regex(err, /STORAGE_DIFFERS {2}.*"kv"/)
  t.notRegex(err, /goes on/)
  await t.throwsAsync(starts(target), { code: 'STORAGE_UNFINISHED' })
})
