import type { Kv } from '@natter/core/contract'
import { FakeClock } from '../fake-clock.js'
import type { Suite } from './suite.js'

export function keySpaces({ test, open }: Suite): void {
  test('a key space keeps, replaces, takes and deletes', async (t) => {
    const kv = (await open(t)).kv('suite')
    t.is(await kv.get('k'), undefined)
    await kv.set('k', 'one')
    await kv.set('k', 'zwei 🙂')
    t.is(await kv.get('k'), 'zwei 🙂')
    t.is(await kv.get('K'), undefined)
    t.is(await kv.take('k'), 'zwei 🙂')
    t.is(await kv.take('k'), undefined)
    await kv.set('k', '')
    t.is(await kv.get('k'), '')
    await kv.delete('k')
    await kv.delete('k')
    t.is(await kv.get('k'), undefined)
  })

  test('key spaces do not see each other', async (t) => {
    const storage = await open(t)
    await storage.kv('a').set('k', '1')
    t.is(await storage.kv('b').get('k'), undefined)
    t.is(await storage.kv('A').get('k'), undefined)
    t.is(await storage.kv('a').get('k'), '1')
  })

  test('a value with a time to live ends by the clock, and its key is free again', async (t) => {
    const clock = new FakeClock()
    const kv = (await open(t, { clock })).kv('suite')
    await kv.set('k', 'v', { ttlMs: 1_000 })
    t.is(await kv.add('k', 'w', { ttlMs: 5_000 }), false)
    await clock.advance(999)
    t.is(await kv.get('k'), 'v')
    await clock.advance(1)
    t.is(await kv.get('k'), undefined)
    t.is(await kv.take('k'), undefined)
    t.is(await kv.add('k', 'w', { ttlMs: 10 }), true)
    await clock.advance(10)
    t.is(await kv.add('k', 'x'), true)
    await clock.advance(1_000_000)
    t.is(await kv.get('k'), 'x')
    await kv.set('k', 'y', { ttlMs: 10 })
    await kv.set('k', 'z')
    await clock.advance(10)
    t.is(await kv.get('k'), 'z')
  })

  test('a wall clock that jumps ahead and back again has removed nothing', async (t) => {
    const clock = new FakeClock()
    const kv = (await open(t, { clock })).kv('suite')
    await kv.set('k', 'v', { ttlMs: 60_000 })
    clock.jump(7_200_000)
    t.is(await kv.get('k'), undefined)
    clock.jump(-7_200_000)
    t.is(await kv.get('k'), 'v')
  })

  test('keys, values and times to live that cannot be stored are refused', async (t) => {
    const storage = await open(t)
    const kv = storage.kv('suite') as { [K in keyof Kv]: (...args: unknown[]) => Promise<unknown> }
    const refused = { code: 'STORAGE_INVALID' }
    for (const key of ['', 'a\0', '\ud800', 'x'.repeat(513), 5, null, undefined]) {
      await t.throwsAsync(kv.get(key), refused)
      await t.throwsAsync(kv.set(key, 'v'), refused)
      await t.throwsAsync(kv.add(key, 'v'), refused)
      await t.throwsAsync(kv.take(key), refused)
      await t.throwsAsync(kv.delete(key), refused)
    }
    for (const value of ['a\0', '\ud800', 5, null, undefined, {}]) await t.throwsAsync(kv.set('k', value), refused)
    for (const ttlMs of [0, -1, 1.5, NaN, '5', null]) await t.throwsAsync(kv.set('k', 'v', { ttlMs }), refused)
    t.is(await kv.get('k'), undefined)
    await kv.set('x'.repeat(512), 'long')
    t.is(await kv.get('x'.repeat(512)), 'long')
  })
}
