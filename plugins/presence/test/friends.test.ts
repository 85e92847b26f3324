import test from 'ava'
import { definePlugin } from '@natter/core'
import { friends } from '@natter/friends'
import { Relations } from '@natter/friends/contract'
import { presenceSee } from '@natter/presence/contract'
import { pass, talking, toldOf, watch } from './serve.js'

const away = (device: { request(name: string, input: object): Promise<unknown> }, active = false) =>
  device.request('presence.active', { active })

test('with friends it is they who see each other, from the friendship to its end', async (t) => {
  const { device, clock } = await talking(t, ['bob'], { plugins: [friends()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  // They have talked, which is not enough here.
  t.deepEqual(await watch(alice, 'bob'), [{ user: 'bob', state: 'offline', on: [] }])
  await alice.request('friends.request', { user: 'bob' })
  await bob.request('friends.accept', { user: 'alice' })
  await pass(clock, 1_000)
  t.is(toldOf(alice, 'bob').at(-1)?.state, 'online')
  await bob.request('friends.remove', { user: 'alice' })
  await pass(clock, 1_000)
  t.is(toldOf(alice, 'bob').at(-1)?.state, 'offline')
  const told = toldOf(alice, 'bob').length
  await away(bob)
  await pass(clock, 2_000)
  t.is(toldOf(alice, 'bob').length, told)
})

test('a block hides at once, both ways, presence and writing, though both let everybody see', async (t) => {
  const open = { privacy: { presence: 'everyone' } } as const
  const { device, clock, conversation } = await talking(t, ['bob'], { plugins: [friends(open)] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  t.is((await watch(alice, 'bob'))[0]?.state, 'online')
  t.is((await watch(bob, 'alice'))[0]?.state, 'online')
  await alice.request('friends.block', { user: 'bob' })
  await pass(clock, 0)
  t.deepEqual(toldOf(bob, 'alice').at(-1), { user: 'alice', state: 'offline', on: [] })
  t.deepEqual(toldOf(alice, 'bob').at(-1), { user: 'bob', state: 'offline', on: [] })
  const id = conversation('bob')
  t.deepEqual(await bob.request('presence.write', { conversation: id, what: 'typing' }), {})
  t.deepEqual(await alice.request('presence.write', { conversation: id, what: 'typing' }), {})
  await pass(clock, 0)
  t.false([...alice.frames, ...bob.frames].some(([, name]) => name === 'presence.writes'))
  const told = toldOf(bob, 'alice').length
  await away(alice)
  await pass(clock, 2_000)
  t.is(toldOf(bob, 'alice').length, told)
  t.deepEqual(await watch(bob, 'alice'), [{ user: 'alice', state: 'offline', on: [] }])
})

test('a changed setting acts at once on all who watch', async (t) => {
  const open = { privacy: { presence: 'everyone' } } as const
  const { device, clock } = await talking(t, ['bob'], { plugins: [friends(open)] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  t.is((await watch(alice, 'bob'))[0]?.state, 'online')
  await bob.request('friends.privacy', { presence: 'nobody' })
  await pass(clock, 0)
  t.deepEqual(toldOf(alice, 'bob').at(-1), { user: 'bob', state: 'offline', on: [] })
  await bob.request('friends.privacy', { presence: 'everyone' })
  await pass(clock, 0)
  t.is(toldOf(alice, 'bob').at(-1)?.state, 'online')
})

test('relations of the host count too, also where it says nothing of a change; no plugin shows who is blocked', async (t) => {
  let blocked = false
  const own = definePlugin({
    name: 'own-relations',
    provides: [Relations],
    setup(api) {
      api.provide(Relations, () => ({
        blocked: () => blocked,
        may: () => !blocked,
        friendsOf: async () => ({ users: [], next: undefined }),
      }))
      api.hook(presenceSee, () => true)
    },
  })
  const { device, clock } = await talking(t, [], { plugins: [own()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  t.is((await watch(alice, 'bob'))[0]?.state, 'online')
  blocked = true
  await away(bob)
  await pass(clock, 2_000)
  t.deepEqual(toldOf(alice, 'bob'), [])
  t.deepEqual(await watch(alice, 'bob'), [{ user: 'bob', state: 'offline', on: [] }])
})
