import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import { friends } from '@natter/friends/client'
import type { FriendList } from '@natter/friends/client'
import { befriend, crowdOf, serve, serveTogether } from './serve.js'
import type { Served } from './serve.js'

const connect = (server: Served, token: string) => server.client(token, { plugins: [friends()] })
type Connected = Awaited<ReturnType<typeof connect>>

/** Resolves when the list is as it should be. */
function until(client: Connected, is: (list: FriendList) => boolean): Promise<FriendList> {
  const { list } = client.friends
  return new Promise((resolve) => {
    let stop: (() => void) | undefined
    const look = () => {
      if (!is(list.get())) return
      stop?.()
      resolve(list.get())
    }
    stop = list.subscribe(look)
    look()
  })
}
const ids = (contacts: readonly { readonly user: string }[]) => contacts.map(({ user }) => user)

test('a list keeps itself up to date while others ask, take, end and block', async (t) => {
  const server = await serve(t)
  const [alice, bob] = [await connect(server, 'alice'), await server.client('bob')]
  t.like(await until(alice, ({ ready }) => ready), { friends: [], groups: [], privacy: { message: 'everyone' } })
  await bob.friends.request({ user: 'alice', note: 'hello' })
  const { incoming } = await until(alice, (list) => list.incoming.length === 1)
  t.like(incoming[0], { user: 'bob', note: 'hello' })
  await alice.friends.accept({ user: 'bob' })
  await until(alice, (list) => list.friends.length === 1)
  t.is(alice.friends.contact('bob')?.is, 'friend')
  await bob.friends.block({ user: 'alice' })
  await until(alice, (list) => list.friends.length === 0)
  await alice.friends.block({ user: 'bob' })
  t.deepEqual(ids((await until(alice, (list) => list.blocked.length === 1)).blocked), ['bob'])
  t.true(alice.isError(await t.throwsAsync(alice.friends.request({ user: 'bob' })), 'FRIENDS_YOU_BLOCKED'))
})

test('what one device does is on the other', async (t) => {
  const server = await serve(t)
  const [laptop, phone, bob] = [
    await connect(server, 'alice'),
    await connect(server, 'alice:phone'),
    await server.client('bob'),
  ]
  await bob.friends.request({ user: 'alice' })
  await laptop.friends.accept({ user: 'bob' })
  const close = await laptop.friends.createGroup({ name: 'Close' })
  await laptop.friends.assign({ user: 'bob', groups: [close.id] })
  await laptop.friends.remark({ user: 'bob', remark: 'Bobby' })
  await laptop.friends.privacy({ call: 'nobody' })
  const list = await until(
    phone,
    ({ friends: [first], privacy }) => first?.remark === 'Bobby' && privacy?.call === 'nobody',
  )
  t.deepEqual([list.groups, list.friends[0]!.groups], [[close], [close.id]])
  await laptop.friends.deleteGroup({ group: close.id })
  t.deepEqual((await until(phone, ({ groups }) => groups.length === 0)).friends[0]!.groups, [])
})

test('a device that was away finds what changed, and who missed much finds all of it', async (t) => {
  const { clock, servers } = await serveTogether(t, 1)
  const [server] = servers
  const alice = await connect(server, 'alice')
  await until(alice, ({ ready }) => ready)
  const crowd = await crowdOf(server, 150, (i) => `u${i}`)
  alice.disconnect()
  await befriend(crowd[0]!, crowd[1]!)
  for (const each of crowd) await each.friends.request({ user: 'alice' })
  await clock.advance(60_000)
  t.is((await until(alice, (list) => list.incoming.length === 150)).incoming.length, 150)
  alice.disconnect()
  await crowd[0]!.friends.cancel({ user: 'alice' })
  await clock.advance(60_000)
  t.false(ids((await until(alice, (list) => list.incoming.length === 149)).incoming).includes('u0'))
})

test('a hint that comes while a list is read is not lost', async (t) => {
  const server = await serve(t)
  const alice = await connect(server, 'alice')
  const crowd = await server.friends('u1', 'u2', 'u3', 'u4')
  await Promise.all(crowd.map((each) => each.friends.request({ user: 'alice' })))
  t.is((await until(alice, (list) => list.incoming.length === 4)).incoming.length, 4)
})

test('a store that fails for a while delays the list and does not end it', async (t) => {
  const { clock, servers } = await serveTogether(t, 1)
  const [server] = servers
  const alice = await connect(server, 'alice')
  await until(alice, ({ ready }) => ready)
  const bob = await server.client('bob')
  let failed: (() => void) | undefined
  const failing = new Promise<void>((resolve) => (failed = resolve))
  await bob.friends.request({ user: 'carol' })
  server.weather.before = (model, verb) => {
    if (model !== 'book' || verb !== 'get') return
    failed?.()
    throw StorageErrors.UNAVAILABLE()
  }
  const [refused] = await Promise.allSettled([bob.friends.request({ user: 'alice' })])
  t.is(refused.status, 'rejected')
  alice.disconnect()
  await clock.advance(60_000)
  await failing
  server.weather.before = undefined
  await clock.advance(60_000)
  t.deepEqual(ids((await until(alice, (list) => list.incoming.length === 1)).incoming), ['bob'])
})
