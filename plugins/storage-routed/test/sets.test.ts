import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import type { Kv } from '@natter/core/contract'
import type { StoreSource } from '@natter/core/storage'
import { FakeClock, memorySource, MemoryStore } from '@natter/testkit'
import { openRouted, withKeys } from './routed.js'

const clock = new FakeClock()
const minutes = 60_000
const memory = () => new MemoryStore({ clock })
type Kept = Readonly<Record<string, MemoryStore>>
const sources = (kept: Kept) =>
  Object.fromEntries(Object.entries(kept).map(([name, store]) => [name, memorySource(store)]))
const start = async (kept: Kept, options: Parameters<typeof openRouted>[1] = {}, at = clock) =>
  (await openRouted(sources(kept), options, { clock: at })).close()
/** What the refusal says to write, as it would be written. */
async function refused(t: { fail(message: string): never }, starting: Promise<void>, code: string) {
  const error = await starting.then(
    () => t.fail('it started'),
    (refusal: { code: string; message: string }) => refusal,
  )
  if (error.code !== `STORAGE_ROUTED_${code}`) t.fail(error.code)
  const [, store = '', word = ''] = /accept: \{ '(.+)': '(.+)' \}/.exec(error.message) ?? []
  return { message: error.message, accept: { [store]: word } }
}

test('stores that started together start together again', async (t) => {
  const kept = { sql: memory(), mongo: memory() }
  await start(kept)
  await t.notThrowsAsync(start(kept))
})

test('a store of another set is refused, and taken by name, once', async (t) => {
  const [one, two] = [
    { sql: memory(), mongo: memory() },
    { sql: memory(), mongo: memory() },
  ]
  await start(one)
  await start(two, {}, new FakeClock(clock.now() - 60 * minutes))
  const mixed = { sql: one.sql, mongo: two.mongo }
  const { message, accept } = await refused(t, start(mixed), 'STRANGERS')
  t.regex(message, /"sql" is of a set of .*"mongo" is of a set of .*another/)
  t.deepEqual(Object.keys(accept), ['mongo'])
  await start(mixed, { accept })
  await start(mixed)
  await refused(t, start(one, { accept }), 'STRANGERS')
  await refused(t, start({ sql: one.sql, mongo: memory() }, { accept }), 'STRANGERS')
})

test('a store that was emptied is refused, and taken by name, and the next one is refused again', async (t) => {
  const { sql, ...rest } = { sql: memory(), mongo: memory() }
  await start({ sql, ...rest })
  const mongo = memory()
  const { message, accept } = await refused(t, start({ sql, mongo }), 'STRANGERS')
  t.regex(message, /"mongo" is new to them, or was emptied/)
  t.deepEqual((await refused(t, start({ sql, mongo }), 'STRANGERS')).accept, accept, 'the word stays the same')
  await start({ sql, mongo }, { accept })
  await start({ sql, mongo }, { accept })
  await refused(t, start({ sql, mongo: memory() }, { accept }), 'STRANGERS')
})

test('a store that was refused can be the first of another set', async (t) => {
  const kept = { sql: memory(), mongo: memory() }
  await start(kept)
  const fresh = memory()
  await refused(t, start({ ...kept, mongo: fresh }), 'STRANGERS')
  await t.notThrowsAsync(start({ sql: memory(), mongo: fresh }))
})

test('stores given under each other’s names are refused', async (t) => {
  const { sql, mongo } = { sql: memory(), mongo: memory() }
  await start({ sql, mongo })
  const exchanged = { sql: mongo, mongo: sql }
  const one = await refused(t, start(exchanged), 'STRANGERS')
  t.regex(one.message, /given as "sql" is the one that was "mongo"/)
  const two = await refused(t, start(exchanged, { accept: one.accept }), 'STRANGERS')
  t.regex(two.message, /given as "mongo" is the one that was "sql"/)
  const accept = { ...one.accept, ...two.accept }
  await start(exchanged, { accept })
  await start(exchanged, { accept })
  await refused(t, start({ sql, mongo }, { accept }), 'STRANGERS')
})

test('a store may join later; one that is taken out must be let go by name', async (t) => {
  const [sql, mongo, more] = [memory(), memory(), memory()]
  await start({ sql, mongo })
  const three = { sql, mongo, more }
  await start(three, { kv: { default: 'more' } })
  await start(three, { kv: { default: 'more' } })
  const { message, accept } = await refused(t, start({ sql, mongo }), 'STRANGERS')
  t.regex(message, /"more" belongs to them and is not listed/)
  t.deepEqual(accept, { more: 'gone' })
  await start({ sql, mongo }, { accept })
  await t.notThrowsAsync(start({ sql, mongo }))
})

test('processes that start first at the same time are of one set, however they interleave', async (t) => {
  const turns = async (count: number) => {
    for (let i = 0; i < count; i++) await new Promise(setImmediate)
  }
  for (let round = 0; round < 20; round++) {
    const kept = { sql: memory(), mongo: memory() }
    const slow = (seed: number) => {
      let calls = 0
      const pause = () => Math.imul((calls++ << 16) + (round << 8) + seed + 1, 2_654_435_761) >>> 28
      const late = <A extends readonly unknown[], R>(run: (...args: A) => Promise<R>) => {
        return async (...args: A): Promise<R> => {
          await turns(pause())
          return run(...args)
        }
      }
      const delayed = (kv: Kv): Kv => ({
        get: late(kv.get),
        set: late(kv.set),
        add: late(kv.add),
        take: late(kv.take),
        delete: late(kv.delete),
      })
      return { sql: withKeys(kept.sql, delayed), mongo: withKeys(kept.mongo, delayed) }
    }
    await Promise.all(Array.from({ length: 6 }, (_, seed) => openRouted(slow(seed), {}, { clock })))
    await t.notThrowsAsync(start(kept))
  }
})

/** Two stores of which the writes from the n-th on are refused, like those of a process that has died. */
function dying(kept: Kept, writes: number): Readonly<Record<string, StoreSource>> {
  let left = writes
  const write = async <T>(run: () => Promise<T>): Promise<T> => {
    if (left-- <= 0) throw StorageErrors.UNAVAILABLE()
    return run()
  }
  const cut = (kv: Kv): Kv => ({
    get: (key) => kv.get(key),
    take: (key) => write(() => kv.take(key)),
    set: (key, value, options) => write(() => kv.set(key, value, options)),
    add: (key, value, options) => write(() => kv.add(key, value, options)),
    delete: (key) => write(() => kv.delete(key)),
  })
  return Object.fromEntries(Object.entries(kept).map(([name, store]) => [name, withKeys(store, cut)]))
}

test('a first start, one more store and an acceptance may be broken off at any write', async (t) => {
  let broken = 0
  for (let writes = 0; ; writes++) {
    const kept = { sql: memory(), mongo: memory() }
    const whole = await openRouted(dying(kept, writes)).catch(() => undefined)
    await t.notThrowsAsync(start(kept), `the first start, ${writes} writes`)
    const three = { ...kept, more: memory() }
    const joined = await openRouted(dying(three, writes), { kv: { default: 'more' } }).catch(() => undefined)
    await t.notThrowsAsync(start(three, { kv: { default: 'more' } }), `one more store, ${writes} writes`)
    const swapped = { ...three, mongo: memory() }
    const options = { kv: { default: 'more' } }
    const { accept } = await refused(t, start(swapped, options), 'STRANGERS')
    const accepted = await openRouted(dying(swapped, writes), { ...options, accept }).catch(() => undefined)
    await t.notThrowsAsync(start(swapped, { ...options, accept }), `an acceptance, ${writes} writes`)
    if (whole && joined && accepted) break
    broken++
  }
  t.true(broken > 8, `${broken} places`)
})

/** Runs for a time, as a server does that sweeps once a minute. */
async function run(kept: Kept, at: FakeClock, ms: number): Promise<void> {
  const opened = await openRouted(sources(kept), {}, { clock: at })
  for (let passed = 0; passed < ms; passed += minutes) {
    await at.advance(minutes)
    await opened.sweep?.()
  }
  await opened.close()
}
/** A store with what another has: its backup. */
async function backup(of: MemoryStore): Promise<MemoryStore> {
  const copy = memory()
  const [from, to] = [of.kv('storage-routed.stores'), copy.kv('storage-routed.stores')]
  for (const key of ['set', 'beat']) await to.set(key, (await from.get(key))!)
  return copy
}

for (const name of ['sql', 'mongo'] as const) {
  test(`a store that is restored alone is noticed, and taken by name: ${name}`, async (t) => {
    const at = new FakeClock()
    const kept = { sql: memory(), mongo: memory() }
    await run(kept, at, 5 * minutes)
    const old = await backup(kept[name])
    await run(kept, at, 15 * minutes)
    const restored = { ...kept, [name]: old }
    const { message, accept } = await refused(t, start(restored, {}, at), 'APART')
    t.regex(message, new RegExp(`^"${name}" stands at .*one of them was restored alone`))
    await start(restored, { accept }, at)
    await t.notThrowsAsync(start(restored, {}, at))
  })
}

for (const [what, ms] of [
  ['days of rest', 5_000 * minutes],
  ['its clock was set back by days', -5_000 * minutes],
] as const) {
  test(`a start after ${what} may be broken off at any write, and a store that is restored alone is noticed then too`, async (t) => {
    const began = 1_000_000 * minutes
    let broken = 0
    for (let writes = 0; ; writes++) {
      const at = new FakeClock(began)
      const kept = { sql: memory(), mongo: memory() }
      await run(kept, at, 5 * minutes)
      const old = await backup(kept.mongo)
      await run(kept, at, 15 * minutes)
      const later = new FakeClock(at.now() + ms)
      const whole = await openRouted(dying(kept, writes), {}, { clock: later }).catch(() => undefined)
      const again = await openRouted(dying(kept, writes), {}, { clock: later }).catch(() => undefined)
      await refused(t, start({ ...kept, mongo: old }, {}, later), 'APART')
      await t.notThrowsAsync(start(kept, {}, later), `${writes} writes, twice`)
      if (whole && again) break
      broken++
    }
    t.true(broken > 4, `${broken} places`)
  })
}

test('stores that stood still together, or with one of them down, are not told apart', async (t) => {
  const at = new FakeClock()
  const kept = { sql: memory(), mongo: memory() }
  await run(kept, at, 3 * minutes)
  await at.advance(1_000 * minutes)
  await t.notThrowsAsync(start(kept, {}, at), 'a server that was off')

  let down: string | undefined
  const source = (name: 'sql' | 'mongo') =>
    withKeys(kept[name], (kv) => ({
      ...kv,
      async set(...args) {
        if (down === name) throw StorageErrors.UNAVAILABLE()
        await kv.set(...args)
      },
    }))
  for (const each of ['sql', 'mongo']) {
    const opened = await openRouted({ sql: source('sql'), mongo: source('mongo') }, {}, { clock: at })
    down = each
    for (let i = 0; i < 30; i++) {
      await at.advance(minutes)
      await t.throwsAsync(async () => opened.sweep?.(), { code: 'STORAGE_UNAVAILABLE' })
    }
    down = undefined
    await t.notThrowsAsync(start(kept, {}, at), `${each} was down for half an hour`)
  }
})
