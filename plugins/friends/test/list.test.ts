import test from 'ava'
import type { Contact, FriendGroup, Privacy } from '@natter/friends/contract'
import { befriend, codeOf, crowdOf, listOf, people, serve } from './serve.js'
import type { Person } from './serve.js'

test('a request is asked, seen by both, and taken', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const asked = await alice.friends.request({ user: 'bob', note: 'We met in Kraków 👋' })
  const at = server.clock.now()
  t.deepEqual(asked, {
    user: 'bob',
    is: 'outgoing',
    at,
    note: 'We met in Kraków 👋',
    expiresAt: at + 30 * 86_400_000,
  })
  t.deepEqual((await listOf(bob)).contacts, [{ ...asked, user: 'alice', is: 'incoming' }])
  t.deepEqual(await bob.friends.accept({ user: 'alice' }), { user: 'alice', is: 'friend', at })
  t.deepEqual(await people(alice), { bob: 'friend' })
  t.deepEqual(await people(bob), { alice: 'friend' })
})

test('a person is asked by their exact handle too', async (t) => {
  const [alice, bob] = await (await serve(t)).friends('alice', 'bob')
  t.like(await alice.friends.request({ handle: 'bob' }), { user: 'bob', is: 'outgoing' })
  t.deepEqual(await people(bob), { alice: 'incoming' })
})

test('what is asked, taken, turned down, taken back, ended or blocked twice is so once', async (t) => {
  const [alice, bob] = await (await serve(t)).friends('alice', 'bob')
  const twice = async <T>(act: () => Promise<T>) => {
    const first = await act()
    const { version } = await listOf(alice)
    t.deepEqual(await act(), first)
    t.is((await listOf(alice)).version, version)
  }
  await twice(() => alice.friends.request({ user: 'bob', note: 'hello' }))
  await twice(() => alice.friends.cancel({ user: 'bob' }))
  t.deepEqual(await people(bob), {})
  await alice.friends.request({ user: 'bob' })
  await twice(() => bob.friends.accept({ user: 'alice' }))
  await twice(() => bob.friends.remove({ user: 'alice' }))
  t.deepEqual([await people(alice), await people(bob)], [{}, {}])
  await bob.friends.request({ user: 'alice' })
  await twice(() => alice.friends.reject({ user: 'bob' }))
  await twice(() => alice.friends.block({ user: 'bob' }))
  t.deepEqual(await people(alice), { bob: 'blocked' })
  await twice(() => alice.friends.unblock({ user: 'bob' }))
  t.deepEqual(await people(alice), {})
})

test('only who was asked can take or turn down a request, and only who asked can take it back', async (t) => {
  const [alice, bob, eve] = await (await serve(t)).friends('alice', 'bob', 'eve')
  await alice.friends.request({ user: 'bob' })
  t.is(await codeOf(alice.friends.accept({ user: 'bob' })), 'NATTER_NOT_FOUND')
  t.is(await codeOf(eve.friends.accept({ user: 'alice' })), 'NATTER_NOT_FOUND')
  await alice.friends.reject({ user: 'bob' })
  await bob.friends.cancel({ user: 'alice' })
  await eve.friends.cancel({ user: 'bob' })
  t.deepEqual(await people(alice), { bob: 'outgoing' })
  t.deepEqual(await people(bob), { alice: 'incoming' })
})

test('a remark and groups are one’s own, follow to one’s devices, and nobody else sees them', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  await befriend(alice, bob)
  const before = await listOf(bob)
  const close = await alice.friends.createGroup({ name: 'Close' })
  t.deepEqual(await alice.friends.createGroup({ name: 'Close' }), close)
  await alice.friends.remark({ user: 'bob', remark: 'Bobby from work' })
  t.like(await alice.friends.assign({ user: 'bob', groups: [close.id, close.id] }), {
    remark: 'Bobby from work',
    groups: [close.id],
  })
  const phone = await server.client('alice:phone')
  const { contacts, groups } = await listOf(phone)
  t.deepEqual(groups, [close])
  t.like(contacts[0], { user: 'bob', remark: 'Bobby from work', groups: [close.id] })
  t.deepEqual(await listOf(bob), before)
  await alice.friends.remark({ user: 'bob', remark: '' })
  t.false('remark' in (await listOf(alice)).contacts[0]!)
})

test('groups are renamed and deleted, and friends stay friends', async (t) => {
  const [alice, bob] = await (await serve(t, { groups: 2 })).friends('alice', 'bob')
  await befriend(alice, bob)
  const [one, two] = [
    await alice.friends.createGroup({ name: 'one' }),
    await alice.friends.createGroup({ name: 'two' }),
  ]
  t.is(await codeOf(alice.friends.createGroup({ name: 'three' })), 'FRIENDS_TOO_MANY')
  t.is(await codeOf(alice.friends.renameGroup({ group: one.id, name: 'two' })), 'FRIENDS_GROUP_EXISTS')
  t.is(await codeOf(alice.friends.renameGroup({ group: 'none', name: 'x' })), 'NATTER_NOT_FOUND')
  t.deepEqual(await alice.friends.renameGroup({ group: one.id, name: 'first' }), { id: one.id, name: 'first' })
  t.is(await codeOf(alice.friends.assign({ user: 'bob', groups: ['none'] })), 'NATTER_NOT_FOUND')
  await alice.friends.deleteGroup({ group: two.id })
  t.deepEqual((await listOf(alice)).groups, [{ id: one.id, name: 'first' }])
  t.deepEqual(await people(alice), { bob: 'friend' })
})

test('what is noted is noted of friends', async (t) => {
  const [alice, bob] = await (await serve(t)).friends('alice', 'bob')
  for (const user of ['bob', 'nobody-there']) {
    t.is(await codeOf(alice.friends.remark({ user, remark: 'x' })), 'NATTER_NOT_FOUND')
    t.is(await codeOf(alice.friends.assign({ user, groups: [] })), 'NATTER_NOT_FOUND')
  }
  await bob.friends.request({ user: 'alice' })
  t.is(await codeOf(alice.friends.remark({ user: 'bob', remark: 'x' })), 'NATTER_NOT_FOUND')
})

test('an input that cannot be is refused before anything is stored', async (t) => {
  const [alice] = await (await serve(t)).friends('alice', 'bob')
  const note = '😀'.repeat(200)
  const wrong: [string, Promise<unknown>][] = [
    ['too long a note', alice.friends.request({ user: 'bob', note: `${note}x` })],
    ['no id', alice.friends.request({ user: 'a b' })],
    ['nobody', alice.friends.request({} as never)],
    ['a forged page', alice.friends.sync({ page: 'x' })],
    ['no word for who', alice.friends.privacy({ message: 'all' as never })],
    ['a name without a letter', alice.friends.createGroup({ name: '' })],
  ]
  for (const [what, promise] of wrong) t.is(await codeOf(promise), 'NATTER_INVALID', what)
  for (const act of ['request', 'block'] as const)
    t.is(await codeOf(alice.friends[act]({ user: 'alice' })), 'FRIENDS_SELF')
  t.is(await codeOf(alice.friends.sync({ page: '1.a.bm90aGluZw' })), 'STORAGE_INVALID')
  t.deepEqual(await people(alice), {})
  t.like(await alice.friends.request({ user: 'bob', note }), { note })
})

/** A list as a device keeps it. */
class Kept {
  version: number | undefined
  contacts = new Map<string, Contact>()
  groups: readonly FriendGroup[] = []
  privacy: Privacy | undefined

  async follow(person: Person): Promise<boolean> {
    const first = await person.friends.sync(this.version === undefined ? {} : { after: this.version })
    let answer = first
    if (first.reset) this.contacts.clear()
    for (;;) {
      for (const user of answer.gone) this.contacts.delete(user)
      for (const contact of answer.contacts) this.contacts.set(contact.user, contact)
      this.groups = answer.groups ?? this.groups
      this.privacy = answer.privacy ?? this.privacy
      if (answer.next === undefined) break
      answer = await person.friends.sync({ page: answer.next })
    }
    this.version = first.version
    return first.reset
  }

  get sorted() {
    const contacts = [...this.contacts.values()].toSorted((a, b) => (a.user < b.user ? -1 : 1))
    return { contacts, groups: this.groups, privacy: this.privacy }
  }
}

test('a device that was away has by what changed exactly what a new one has', async (t) => {
  const server = await serve(t)
  const names = ['bob', 'carol', 'dave', 'erin', 'frank'] as const
  const [alice, ...others] = await server.friends('alice', ...names)
  const kept = new Kept()
  await kept.follow(alice)
  const check = async () => {
    t.false(await kept.follow(alice))
    const anew = new Kept()
    t.true(await anew.follow(alice))
    t.deepEqual(kept.sorted, anew.sorted)
  }
  const [bob, carol, dave, erin, frank] = others
  await alice.friends.request({ user: 'bob', note: 'hi' })
  await carol.friends.request({ user: 'alice' })
  await dave.friends.request({ user: 'alice' })
  await check()
  await bob.friends.accept({ user: 'alice' })
  await alice.friends.accept({ user: 'carol' })
  await alice.friends.reject({ user: 'dave' })
  const group = await alice.friends.createGroup({ name: 'all' })
  await check()
  await alice.friends.assign({ user: 'bob', groups: [group.id] })
  await alice.friends.remark({ user: 'carol', remark: 'C' })
  await alice.friends.privacy({ call: 'nobody' })
  await check()
  await carol.friends.remove({ user: 'alice' })
  await bob.friends.block({ user: 'alice' })
  await alice.friends.block({ user: 'erin' })
  await erin.friends.block({ user: 'alice' })
  await alice.friends.deleteGroup({ group: group.id })
  await check()
  await alice.friends.unblock({ user: 'erin' })
  await alice.friends.request({ user: 'frank' })
  await alice.friends.cancel({ user: 'frank' })
  await frank.friends.request({ user: 'alice' })
  await check()
})

test('who missed too much gets the whole list, by pages, and what changes meanwhile behind it', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const kept = new Kept()
  await kept.follow(alice)
  const crowd = await crowdOf(server, 230, (i) => `${i % 2 ? 'a' : 'z'}${i}`)
  await Promise.all(crowd.map((each) => each.friends.request({ user: 'alice' })))
  const first = await alice.friends.sync({ after: kept.version! })
  t.true(first.reset)
  t.true(first.contacts.length < 230)
  await crowd[7]!.friends.cancel({ user: 'alice' })
  await crowd[8]!.friends.cancel({ user: 'alice' })
  t.true(await kept.follow(alice))
  t.is(kept.contacts.size, 228)
  const anew = new Kept()
  await anew.follow(alice)
  t.deepEqual(kept.sorted, anew.sorted)
})

test('a version that a restored store does not know gets the whole list', async (t) => {
  const [alice] = await (await serve(t)).friends('alice')
  t.like(await alice.friends.sync({ after: 7 }), { version: 0, reset: true })
  t.like(await alice.friends.sync({ after: 0 }), { version: 0, reset: false, contacts: [], gone: [] })
})

test('devices of both people are told that there is something new, and nobody else is', async (t) => {
  const server = await serve(t)
  const [alice, bob, eve] = await server.friends('alice', 'bob', 'eve')
  const phone = await server.client('bob:phone')
  eve.on('friends.changed', () => t.fail('eve heard of it'))
  const heard = [alice, bob, phone].map((each) => new Promise((resolve) => each.on('friends.changed', resolve)))
  await alice.friends.request({ user: 'bob' })
  t.deepEqual(await Promise.all(heard), [{ version: 1 }, { version: 1 }, { version: 1 }])
  await eve.friends.sync({})
})
