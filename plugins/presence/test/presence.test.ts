import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import test from 'ava'
import { definePlugin } from '@natter/core'
import { Presence, presenceSee, settingModel } from '@natter/presence/contract'
import type { PresenceSettings } from '@natter/presence/contract'
import { FakeClock, MemoryStore } from '@natter/testkit'
import { Storage } from '@natter/core/contract'
import { pass, talking, toldOf, watch } from './serve.js'

const offlineAnd = (more: object = {}) => ({ state: 'offline', on: [], ...more })

test('who may see somebody learns how they are, and what changes, by their devices together', async (t) => {
  const { device, clock } = await talking(t, ['bob'])
  const alice = await device('alice')
  const [before] = await watch(alice, 'bob')
  t.is(before!.state, 'offline')
  t.is(typeof before!.seen, 'number')

  const phone = await device('bob:phone')
  await pass(clock, 1_000)
  t.deepEqual(toldOf(alice, 'bob').at(-1), { user: 'bob', state: 'online', on: [] })
  await phone.request('presence.active', { active: true, kind: 'mobile' })
  const desk = await device('bob:desk')
  await desk.request('presence.active', { active: false, kind: 'desktop' })
  await pass(clock, 1_000)
  t.deepEqual(toldOf(alice, 'bob').at(-1), { user: 'bob', state: 'online', on: ['desktop', 'mobile'] })
  await phone.request('presence.active', { active: false })
  await pass(clock, 1_000)
  t.is(toldOf(alice, 'bob').at(-1)!.state, 'away')
  await desk.request('presence.active', { active: true })
  await pass(clock, 1_000)
  desk.drop()
  await pass(clock, 1_000)
  t.deepEqual(toldOf(alice, 'bob').at(-1), { user: 'bob', state: 'away', on: ['mobile'] })
})

test('a reconnect within the grace does not show; who stays away is gone, and was there when the last connection ended', async (t) => {
  const { device, clock } = await talking(t, ['bob'])
  const alice = await device('alice')
  let bob = await device('bob')
  await pass(clock, 1_000)
  await watch(alice, 'bob')
  for (let i = 0; i < 3; i++) {
    bob.drop()
    await pass(clock, 19_000, alice)
    bob = await device('bob')
    await pass(clock, 1_000)
  }
  t.deepEqual(toldOf(alice, 'bob'), [])
  const ended = clock.now()
  bob.drop()
  await pass(clock, 19_999, alice)
  t.deepEqual(toldOf(alice, 'bob'), [])
  await pass(clock, 1_001)
  t.deepEqual(toldOf(alice, 'bob'), [{ user: 'bob', ...offlineAnd({ seen: ended }) }])
})

test('changes of a second go out together, once for each person and connection', async (t) => {
  const { device, clock } = await talking(t, ['bob', 'cleo'])
  const alice = await device('alice')
  await watch(alice, 'bob', 'cleo')
  const [bob, cleo] = [await device('bob'), await device('cleo')]
  await pass(clock, 1_000)
  const frames = () => alice.frames.filter(([, name]) => name === 'presence.changed').length
  t.is(frames(), 1)
  for (let i = 0; i < 20; i++) {
    await bob.request('presence.active', { active: i % 2 === 1 })
    await cleo.request('presence.active', { active: i % 2 === 0 })
    await pass(clock, 100)
  }
  t.true(frames() <= 3, `${frames()} frames in two seconds`)
  // What is at the end as it was before is not told.
  const told = toldOf(alice, 'bob').length
  await bob.request('presence.active', { active: false })
  await bob.request('presence.active', { active: true })
  await pass(clock, 1_000)
  t.is(toldOf(alice, 'bob').length, told)
})

test('strangers, people who do not exist and people who hide look alike, at first and later', async (t) => {
  const { device, clock } = await talking(t, ['bob'])
  const bob = await device('bob')
  await bob.request('presence.set', { mode: 'invisible', hideSeen: true })
  await device('mallory')
  const alice = await device('alice')
  const people = await watch(alice, 'bob', 'mallory', 'nobody-1')
  t.deepEqual(
    people.map(({ user: _user, ...rest }) => rest),
    [offlineAnd(), offlineAnd(), offlineAnd()],
  )
  const spy = await device('mallory:spy')
  await watch(spy, 'bob', 'alice')
  await bob.request('presence.set', { mode: 'auto', status: { text: 'here' } })
  await bob.request('presence.active', { active: false })
  await pass(clock, 2_000)
  t.deepEqual(toldOf(spy, 'bob'), [])
  t.is(toldOf(alice, 'bob').at(-1)!.state, 'away')
  t.deepEqual(toldOf(alice, 'mallory'), [])
})

test('modes, a status that ends, and hidden last-seen; settings follow to one’s other devices', async (t) => {
  const { device, clock } = await talking(t, ['bob'])
  const [alice, bob, phone] = [await device('alice'), await device('bob'), await device('bob:phone')]
  await watch(alice, 'bob')
  const until = clock.now() + 60_000
  const set = await bob.request<PresenceSettings>('presence.set', {
    mode: 'dnd',
    status: { text: 'in a meeting', emoji: '📅', until },
  })
  t.deepEqual(set, { mode: 'dnd', hideSeen: false, status: { text: 'in a meeting', emoji: '📅', until } })
  t.deepEqual((await phone.next((frame) => frame[1] === 'presence.settled'))[2], set)
  await pass(clock, 1_000)
  t.deepEqual(toldOf(alice, 'bob').at(-1), { user: 'bob', state: 'dnd', on: [], status: set.status })
  await pass(clock, 60_000, alice, bob, phone)
  t.deepEqual(toldOf(alice, 'bob').at(-1), { user: 'bob', state: 'dnd', on: [] })
  t.deepEqual(await watch(alice, 'bob'), [{ user: 'bob', state: 'dnd', on: [] }])
  t.deepEqual(await bob.request('presence.mine'), { mode: 'dnd', hideSeen: false })
  await bob.request('presence.set', { status: { text: 'busy' } })
  t.deepEqual(await bob.request('presence.set', { status: null, mode: 'auto', hideSeen: true }), {
    mode: 'auto',
    hideSeen: true,
  })
  bob.drop()
  phone.drop()
  await pass(clock, 30_000)
  t.deepEqual(await watch(alice, 'bob'), [{ user: 'bob', ...offlineAnd() }])
})

test('who becomes invisible seems to leave at that moment, and coming and going does not show', async (t) => {
  const { device, clock } = await talking(t, ['bob'])
  const [alice, bob] = [await device('alice'), await device('bob')]
  await watch(alice, 'bob')
  await pass(clock, 5_000)
  const then = clock.now()
  await bob.request('presence.set', { mode: 'invisible' })
  await pass(clock, 1_000)
  t.deepEqual(toldOf(alice, 'bob').at(-1), { user: 'bob', ...offlineAnd({ seen: then }) })
  const told = toldOf(alice, 'bob').length
  bob.drop()
  await pass(clock, 60_000, alice)
  const again = await device('bob')
  await pass(clock, 60_000, alice, again)
  t.is(toldOf(alice, 'bob').length, told)
  t.deepEqual(await watch(alice, 'bob'), [{ user: 'bob', ...offlineAnd({ seen: then }) }])
})

test('a status that somebody sets while they are invisible is told when they show themselves again', async (t) => {
  const { device, clock } = await talking(t, ['bob'])
  const [alice, bob] = [await device('alice'), await device('bob')]
  const [first, second] = [{ text: 'on holiday' }, { text: 'back' }]
  await bob.request('presence.set', { status: first })
  await watch(alice, 'bob')
  await bob.request('presence.set', { mode: 'invisible' })
  await pass(clock, 1_000)
  const told = toldOf(alice, 'bob')
  t.deepEqual(told.at(-1)!.status, first)
  await bob.request('presence.set', { status: second })
  await pass(clock, 1_000)
  await bob.request('presence.set', { mode: 'invisible', status: null })
  await bob.request('presence.set', { status: second })
  await pass(clock, 1_000)
  t.is(toldOf(alice, 'bob').length, told.length)
  t.deepEqual((await watch(alice, 'bob'))[0]!.status, first)
  t.like(await bob.request('presence.mine'), { mode: 'invisible', status: second })
  await bob.request('presence.set', { mode: 'auto' })
  await pass(clock, 1_000)
  t.like(toldOf(alice, 'bob').at(-1), { state: 'online', status: second })
  await bob.request('presence.set', { status: null })
  await bob.request('presence.set', { mode: 'invisible' })
  await bob.request('presence.set', { status: first })
  await pass(clock, 1_000)
  t.is(toldOf(alice, 'bob').at(-1)!.status, undefined, 'without one it was told that there is none')
})

test('plugins decide who may see; what they reconsider acts at once, both ways', async (t) => {
  const blocked = new Set<string>()
  let service: Presence | undefined
  const blocks = definePlugin({
    name: 'blocks',
    needs: { presence: Presence },
    setup(api, { presence }) {
      service = presence
      api.hook(presenceSee, ({ viewer, subject }) =>
        blocked.has(`${viewer} ${subject}`) || blocked.has(`${subject} ${viewer}`) ? false : undefined,
      )
    },
  })
  const { device, clock } = await talking(t, ['bob', 'cleo'], { plugins: [blocks()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  t.is((await watch(alice, 'bob'))[0]!.state, 'online')
  t.is((await watch(bob, 'alice'))[0]!.state, 'online')
  blocked.add('bob alice')
  await service!.reconsider('bob', 'alice')
  await pass(clock, 0)
  t.deepEqual(toldOf(alice, 'bob'), [{ user: 'bob', ...offlineAnd() }])
  t.deepEqual(toldOf(bob, 'alice'), [{ user: 'alice', ...offlineAnd() }])
  await bob.request('presence.active', { active: false })
  await pass(clock, 2_000)
  t.is(toldOf(alice, 'bob').length, 1)
  t.deepEqual(await watch(alice, 'bob'), [{ user: 'bob', ...offlineAnd() }])
  blocked.clear()
  await service!.reconsider('bob', 'alice')
  await pass(clock, 0)
  t.is(toldOf(alice, 'bob').at(-1)!.state, 'away')
  t.is((await service!.of('bob')).state, 'away')
})

test('who talks with somebody for the first time sees them within a minute, and nobody sees more for asking', async (t) => {
  const { device, clock } = await talking(t, [])
  const [alice, bob] = [await device('alice'), await device('bob')]
  t.is((await watch(alice, 'bob'))[0]!.state, 'offline')
  await alice.message({ user: 'bob' }, { text: 'hello' })
  await pass(clock, 60_000, alice, bob)
  await bob.request('presence.active', { active: false })
  await pass(clock, 1_000)
  t.is(toldOf(alice, 'bob').at(-1)!.state, 'away')
})

test('a set of more than 500 is refused, a new set replaces the old one, and who is gone is told nothing', async (t) => {
  const { device, clock } = await talking(t, ['bob', 'cleo'])
  const alice = await device('alice')
  const many = Array.from({ length: 501 }, (_, i) => `u${i}`)
  await t.throwsAsync(watch(alice, ...many), { message: /./ })
  await watch(alice, 'bob')
  await watch(alice, 'cleo')
  const [bob] = [await device('bob'), await device('cleo')]
  await pass(clock, 1_000)
  t.is(toldOf(alice, 'bob').length, 0)
  t.is(toldOf(alice, 'cleo').length, 1)
  alice.drop()
  await bob.request('presence.active', { active: false })
  await pass(clock, 2_000)
  t.is(toldOf(alice, 'cleo').length, 1)
})

test('when somebody left outlives the node, and nothing is written for those who only stay', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  let writes = 0
  const counting = definePlugin({
    name: 'counting-storage',
    provides: [Storage],
    setup(api) {
      api.provide(Storage, () => {
        const records = store.records.bind(store)
        store.records = ((plugin, model) => {
          const rows = records(plugin, model)
          if (plugin !== 'presence') return rows
          const [insert, updateIf] = [rows.insert.bind(rows), rows.updateIf.bind(rows)]
          return Object.assign(rows, {
            insert: (row: never) => (writes++, insert(row)),
            updateIf: (...asked: Parameters<typeof updateIf>) => (writes++, updateIf(...asked)),
          })
        }) as typeof records
        return store
      })
    },
  })
  const first = await talking(t, ['bob'], { storage: counting() })
  writes = 0
  const [alice, bob] = [await first.device('alice'), await first.device('bob')]
  await watch(alice, 'bob')
  for (let i = 0; i < 10; i++) {
    await bob.request('presence.active', { active: i % 2 === 0 })
    await pass(first.clock, 60_000, alice, bob)
  }
  t.is(writes, 0)
  const stopped = first.clock.now()
  await first.chat.stop()
  t.true(writes > 0)
  t.is((await store.records('presence', settingModel).get({ user: 'bob' }))?.seen, stopped)
})

test('who comes back with the same device is as before: neither there nor away in between, nor on another kind of device', async (t) => {
  const { device, clock } = await talking(t, ['bob'])
  const alice = await device('alice')
  const [desk, phone] = [await device('bob:desk'), await device('bob:phone')]
  await desk.request('presence.active', { active: false, kind: 'desktop' })
  await phone.request('presence.active', { active: false, kind: 'mobile' })
  const before = { user: 'bob', state: 'away', on: ['desktop', 'mobile'] }
  await pass(clock, 1_000)
  t.deepEqual(await watch(alice, 'bob'), [before])
  for (const each of [desk, phone]) each.drop()
  await pass(clock, 15_000, alice)
  await Promise.all([device('bob:desk'), device('bob:phone')])
  await pass(clock, 4_000, alice)
  t.deepEqual(toldOf(alice, 'bob'), [])
  t.deepEqual(await watch(alice, 'bob'), [before])
})

test('who was away for longer than the grace says anew what their device is', async (t) => {
  const { device, clock } = await talking(t, ['bob'])
  const [alice, phone, desk] = [await device('alice'), await device('bob:phone'), await device('bob:desk')]
  await desk.request('presence.active', { active: false, kind: 'desktop' })
  await phone.request('presence.active', { active: false, kind: 'mobile' })
  phone.drop()
  await pass(clock, 30_000, alice, desk)
  await device('bob:phone')
  t.deepEqual(await watch(alice, 'bob'), [{ user: 'bob', state: 'online', on: ['desktop'] }])
})

test.serial('a server that is behind sends no typing, puts off presence, and delivers every message', async (t) => {
  const { device, clock, conversation } = await talking(t, ['bob'])
  const [alice, bob] = [await device('alice'), await device('bob')]
  await watch(alice, 'bob')
  await pass(clock, 1_000)
  const told = toldOf(alice, 'bob').length
  const shed = shedIn(t)
  const typed = () => alice.frames.filter(([, name]) => name === 'presence.writes').length
  const type = () => bob.request('presence.write', { conversation: conversation('bob'), what: 'typing' })
  clock.lag(200)
  await type()
  await bob.request('presence.active', { active: false })
  await bob.message(conversation('bob'), { text: 'hello' })
  await pass(clock, 5_000)
  t.is((await alice.next('m'))[4], 'bob')
  t.is(typed(), 0)
  t.is(toldOf(alice, 'bob').length, told)
  t.deepEqual(shed, [{ event: 'presence.writes', why: 'server' }])

  clock.lag(0)
  await type()
  await pass(clock, 1_000)
  t.is(typed(), 1)
  t.is(toldOf(alice, 'bob').at(-1)!.state, 'away')

  clock.lag(200)
  await bob.request('presence.active', { active: true })
  await pass(clock, 12_000)
  t.is(toldOf(alice, 'bob').at(-1)!.state, 'online', 'it is not put off for ever')
})

test.serial('who reads slowly is told of presence once they have caught up, and gets every message', async (t) => {
  const { device, clock, conversation } = await talking(t, ['bob'], {
    limits: { softBufferBytes: 2_000, hardBufferBytes: 1_000_000 },
  })
  const [alice, bob] = [await device('alice'), await device('bob')]
  await watch(alice, 'bob')
  await pass(clock, 1_000)
  const before = toldOf(alice, 'bob').length
  const shed = shedIn(t)
  alice.peer.stall()
  await bob.message(conversation('bob'), { text: 'x'.repeat(3_000) })
  await pass(clock, 1_000)
  for (let i = 0; i < 5; i++) {
    await bob.request('presence.active', { active: i % 2 === 1 })
    await bob.request('presence.write', { conversation: conversation('bob'), what: 'typing' })
    await pass(clock, 1_000)
    await bob.message(conversation('bob'), { text: `message ${i}` })
  }
  alice.peer.resume()
  t.is(toldOf(alice, 'bob').length, before)
  t.false(alice.frames.some(([, name]) => name === 'presence.writes'))
  t.is(alice.frames.filter(([kind]) => kind === 'm').length, 6)
  t.true(shed.filter(({ event }) => event === 'presence.changed').length >= 5)
  t.is(shed.filter(({ event }) => event === 'presence.writes').length, 5)
  t.true(shed.every(({ why }) => why === 'reader'))
  await pass(clock, 1_000)
  t.deepEqual(
    toldOf(alice, 'bob')
      .slice(before)
      .map(({ state }) => state),
    ['away'],
  )
})

/** What is shed from now on, by any server of this process: for a test that runs alone. */
function shedIn(t: { teardown(end: () => void): void }) {
  const all: { readonly event: string; readonly why: string }[] = []
  const note = (one: unknown) => void all.push(one as (typeof all)[number])
  subscribe('natter:shed', note)
  t.teardown(() => unsubscribe('natter:shed', note))
  return all
}
