import test from 'ava'
import { z } from 'zod'
import type { Schema } from '@natter/core/contract'
import { setUp, setupOf } from './harness.js'
import { schemaOf } from './schemas.js'
import { definePlugin } from '#src/kernel/plugin.js'
import type { Plugin } from '#src/kernel/plugin.js'

/** A plugin of this schema with this configuration; gives what its setup got. */
async function configured(config: unknown, given?: unknown): Promise<unknown> {
  let got: unknown
  const plugin = definePlugin({
    name: 'storage-sql',
    config: config as Schema,
    setup(_api, _services, value) {
      got = value
    },
  })
  await setUp([(plugin as (value?: unknown) => Plugin)(given)])
  return got
}

const pool = z.object({ pool: z.object({ max: z.int().min(1).max(100) }) })

test('a plugin gets its configuration as its schema gives it', async (t) => {
  const schema = z.object({ max: z.int().default(10), name: z.string().transform((name) => name.toUpperCase()) })
  t.deepEqual(await configured(schema, { name: 'x' }), { max: 10, name: 'X' })
})

test('a plugin called with nothing gets the defaults', async (t) => {
  t.deepEqual(await configured(z.object({ max: z.int().default(10) })), { max: 10 })
})

test('a schema of another library that validates asynchronously works', async (t) => {
  t.deepEqual(
    await configured(
      schemaOf(async (value) => ({ value: { checked: value } })),
      { a: 1 },
    ),
    { checked: { a: 1 } },
  )
})

const wrong: readonly (readonly [what: string, schema: Schema<any, unknown>, given: unknown, message: string])[] = [
  [
    'a number out of range, or none',
    pool,
    { pool: { max: 'ten' } },
    'storage-sql: "pool.max" is "ten"; it must be a whole number from 1 to 100.',
  ],
  ['a missing setting', z.object({ url: z.url() }), {}, 'storage-sql: "url" is missing; it must be a URL.'],
  [
    'a choice',
    z.object({ mode: z.enum(['a', 'b']) }),
    { mode: 'c' },
    'storage-sql: "mode" is "c"; it must be one of "a", "b".',
  ],
  ['a literal', z.object({ v: z.literal(1) }), { v: 2 }, 'storage-sql: "v" is 2; it must be 1.'],
  [
    'a bound',
    z.object({ n: z.number().positive() }),
    { n: -1.5 },
    'storage-sql: "n" is -1.5; it must be a number above 0.',
  ],
  [
    'an upper bound',
    z.object({ n: z.int().max(3) }),
    { n: 4 },
    'storage-sql: "n" is 4; it must be a whole number up to 3.',
  ],
  ['a flag', z.object({ on: z.boolean() }), { on: 'yes' }, 'storage-sql: "on" is "yes"; it must be true or false.'],
  [
    'a text’s length',
    z.object({ s: z.string().min(1) }),
    { s: '' },
    'storage-sql: "s" is ""; it must be text of at least 1 character.',
  ],
  [
    'a pattern',
    z.object({ s: z.string().regex(/^a/) }),
    { s: 'b' },
    'storage-sql: "s" is "b"; it must be text that matches ^a.',
  ],
  [
    'alternatives',
    z.object({ v: z.union([z.string(), z.int()]) }),
    { v: true },
    'storage-sql: "v" is true; it must be text or a whole number.',
  ],
  [
    'an item of a list',
    z.object({ l: z.array(z.string()) }),
    { l: ['a', 1] },
    'storage-sql: "l.1" is 1; it must be text.',
  ],
  [
    'a value of a record',
    z.object({ r: z.record(z.string(), z.int()) }),
    { r: { x: [] } },
    'storage-sql: "r.x" is a list; it must be a whole number.',
  ],
  ['a key with a dot', z.object({ 'a.b': z.string() }), { 'a.b': 1 }, 'storage-sql: "a.b" is 1; it must be text.'],
  ['the whole', z.object({}), 5, 'storage-sql: its configuration is 5; it must be an object.'],
  [
    'a setting that there is not',
    z.strictObject({ url: z.string() }),
    { url: '', ulr: '' },
    'storage-sql: "ulr" is not a setting. Did you mean "url"?',
  ],
  [
    'a setting that there is not, and that its library would drop',
    z.object({ url: z.string(), max: z.int().default(1) }),
    { url: '', xam: 2 },
    'storage-sql: "xam" is not a setting. There are url, max.',
  ],
  [
    'one inside of another, with two letters swapped',
    pool,
    { pool: { max: 5, mxa: 5 } },
    'storage-sql: "pool.mxa" is not a setting. Did you mean "max"?',
  ],
  [
    'two settings at once, each in a line of its own',
    z.object({ a: z.string(), b: z.string() }),
    { a: 1, b: 2 },
    'storage-sql: "a" is 1; it must be text.\nstorage-sql: "b" is 2; it must be text.',
  ],
  [
    'what the author of the schema says in words, with those words',
    z.object({ n: z.int().refine((n) => n % 2 === 0, 'must be even') }),
    { n: 3 },
    'storage-sql: "n" is 3: must be even.',
  ],
  [
    'what another library says, with its words',
    schemaOf(() => ({ issues: [{ message: 'Expected a list.', path: [{ key: 'hosts' }] }] })),
    { hosts: null },
    'storage-sql: "hosts" is null: Expected a list.',
  ],
  [
    'something that has no form in JSON Schema, with zod’s words',
    z.object({ f: z.instanceof(Map) }),
    { f: 1 },
    'storage-sql: "f" is 1: Invalid input: expected Map, received number.',
  ],
]

for (const [what, schema, given, message] of wrong) {
  test(`a wrong configuration is told of by its path, value and what it must be: ${what}`, async (t) => {
    await t.throwsAsync(configured(schema, given), { code: 'NATTER_CONFIG_INVALID', message })
  })
}

test('a schema that takes further settings on purpose gets them', async (t) => {
  const given = { url: 'x', more: { deep: 1 } }
  t.deepEqual(await configured(z.looseObject({ url: z.string() }), given), given)
  t.deepEqual(await configured(z.object({ url: z.string() }).catchall(z.unknown()), given), given)
  t.deepEqual(await configured(z.record(z.string(), z.unknown()), given), given)
  t.deepEqual(await configured(z.union([z.object({ url: z.string() }), z.string()]), given), { url: 'x' })
})

test('secrets in a wrong configuration are not repeated', async (t) => {
  const schema = z.object({
    password: z.string().min(20),
    apiKey: z.string().min(20),
    signing: z.object({ secret: z.object({ value: z.string().min(20) }) }),
    url: z.int(),
    nested: z.int(),
  })
  const given = {
    password: 'canary-1',
    apiKey: 'canary-2',
    signing: { secret: { value: 'canary-3' } },
    url: 'postgres://root:canary-4@db/chat',
    nested: { password: 'canary-5' },
  }
  const error = await t.throwsAsync(configured(schema, given), { code: 'NATTER_CONFIG_INVALID' })
  t.notRegex(error.message, /canary/)
  t.regex(error.message, /"password" is \[hidden\]; it must be text of at least 20 characters\./)
  t.regex(error.message, /"url" is "postgres:\/\/\[hidden\]@db\/chat"/)
})

test('a long value is shortened', async (t) => {
  const error = await t.throwsAsync(configured(z.object({ n: z.int() }), { n: 'x'.repeat(1_000) }))
  t.is(error.message, `storage-sql: "n" is "${'x'.repeat(60)}…"; it must be a whole number.`)
})

test('of very many wrong settings ten are told', async (t) => {
  const error = await t.throwsAsync(
    configured(
      z.array(z.int()),
      Array.from({ length: 50 }, () => 'x'),
    ),
  )
  t.is(error.message.split('\n').length, 10)
})

test('a schema that throws or rejects names the plugin', async (t) => {
  for (const fail of [
    () => {
      throw new Error('boom')
    },
    async () => Promise.reject(new Error('boom')),
  ]) {
    await t.throwsAsync(configured(schemaOf(fail), {}), {
      code: 'NATTER_CONFIG_INVALID',
      message: 'storage-sql: its schema failed: boom.',
    })
  }
})

test('a configuration for a plugin that takes none is refused', async (t) => {
  const plugin = { ...setupOf('echo'), config: { loud: true } }
  await t.throwsAsync(setUp([plugin]), {
    code: 'NATTER_CONFIG_INVALID',
    message: 'echo: it takes no configuration, and was given an object.\n  Call its factory with nothing.',
  })
})
