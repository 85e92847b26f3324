import test from 'ava'
import { Pipeline, Prepared } from '#src/postgres/pipeline.js'
import type { Query } from '#src/server/wire.js'

/** A connection that notes what it is told. */
function noting() {
  const told: string[] = []
  const note =
    (name: string) =>
    (what: unknown = {}) => {
      const { name: named, statement } = what as { readonly name?: string; readonly statement?: string }
      told.push([name, named ?? statement].filter(Boolean).join(' '))
    }
  const stream = { cork: () => undefined, uncork: () => undefined }
  const names = ['parse', 'bind', 'describe', 'execute', 'close', 'sync']
  const connection = { stream, ...Object.fromEntries(names.map((name) => [name, note(name)])) }
  const submit = (pipeline: Pipeline) => {
    told.length = 0
    pipeline.submit(connection as never)
    return [...told]
  }
  return { submit }
}
const fields = [{ dataTypeID: 20 }, { dataTypeID: 25 }]
const first: Query = { sql: 'select 1', bindings: [] }
const second: Query = { sql: 'select 2', bindings: [] }

test('a statement is parsed and described once, and its rows are read the same every time', async (t) => {
  const prepared = new Prepared()
  const { submit } = noting()
  const begun = new Pipeline([first], prepared)
  t.deepEqual(submit(begun), ['parse natter_0', 'bind natter_0', 'describe', 'execute', 'sync'])
  begun.handleRowDescription({ fields })
  begun.handleDataRow({ fields: ['7', '8'] })
  begun.handleCommandComplete({ text: 'SELECT 1' })
  begun.handleReadyForQuery()
  t.deepEqual(await begun.done, [{ rows: [[7, '8']], changes: 0 }])

  const again = new Pipeline([second, first], prepared)
  t.deepEqual(submit(again).slice(4), ['bind natter_0', 'execute', 'sync'])
  // one without rows is not described
  again.handleCommandComplete({ text: 'UPDATE 3' })
  again.handleDataRow({ fields: ['9', null] })
  again.handleCommandComplete({ text: 'SELECT 1' })
  again.handleReadyForQuery()
  t.deepEqual(await again.done, [
    { rows: [], changes: 3 },
    { rows: [[9, null]], changes: 0 },
  ])
  t.deepEqual(submit(new Pipeline([second], prepared)), ['bind natter_1', 'execute', 'sync'])
})

test('what came behind a failure is parsed anew, and described where it was not', async (t) => {
  const prepared = new Prepared()
  const { submit } = noting()
  const failed = new Pipeline([first, second], prepared)
  submit(failed)
  failed.handleRowDescription({ fields })
  failed.handleCommandComplete({ text: 'SELECT 0' })
  failed.handleError(new Error('no'))
  await t.throwsAsync(failed.done, { message: 'no' })
  const parsed = ['close natter_1', 'parse natter_1', 'bind natter_1', 'describe', 'execute', 'sync']
  t.deepEqual(submit(new Pipeline([second], prepared)), parsed)
  t.deepEqual(submit(new Pipeline([first], prepared)), ['bind natter_0', 'execute', 'sync'])
})

test('where nothing is kept prepared, everything is described', (t) => {
  const { submit } = noting()
  const steps = ['parse', 'bind', 'describe', 'execute', 'sync']
  t.deepEqual(submit(new Pipeline([first], undefined)), steps)
  t.deepEqual(submit(new Pipeline([first], undefined)), steps)
})
