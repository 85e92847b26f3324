import test from 'ava'
import { z } from 'zod'
import { NatterError } from '@natter/core/contract'
import { schemaOf } from './schemas.js'
import { parseWith } from '#src/kernel/parse-with.js'

test('a value is parsed without a promise where the schema is synchronous', (t) => {
  t.deepEqual(parseWith(z.object({ n: z.int().default(1) }), {}), { n: 1 })
})

test('an asynchronous schema is waited for', async (t) => {
  const parsed = parseWith(
    schemaOf(async (value) => ({ value })),
    5,
  )
  t.true(parsed instanceof Promise)
  t.is(await parsed, 5)
})

test('what is wrong is told by path and message, in one shape for all libraries', (t) => {
  const error = t.throws(() => parseWith(z.object({ options: z.array(z.string()) }), { options: ['a', 1] }), {
    instanceOf: NatterError,
    code: 'NATTER_INVALID',
  })
  t.deepEqual(error?.details, [{ path: 'options.1', message: 'Invalid input: expected string, received number' }])
  const other = schemaOf(() => ({ issues: [{ message: 'no', path: [{ key: 'a' }, 'b'] }, { message: 'whole' }] }))
  const second = t.throws(() => parseWith(other, {}), { instanceOf: NatterError })
  t.deepEqual(second?.details, [
    { path: 'a.b', message: 'no' },
    { path: '', message: 'whole' },
  ])
})

test('late issues reject', async (t) => {
  const schema = schemaOf(async () => ({ issues: [{ message: 'no' }] }))
  await t.throwsAsync(async () => parseWith(schema, 1), { code: 'NATTER_INVALID' })
})

test('of very many issues twenty are told', (t) => {
  const error = t.throws(
    () =>
      parseWith(
        z.array(z.int()),
        Array.from({ length: 500 }, () => 'x'),
      ),
    { instanceOf: NatterError },
  )
  t.is((error as { details?: readonly unknown[] } | undefined)?.details?.length, 20)
})
