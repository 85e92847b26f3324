import test from 'ava'
import { pair } from '@natter/friends/contract'
import { codeOf, listOf, people, serve, serveTogether } from './serve.js'

const day = 86_400_000
const life = { requestLifeMs: day }

test('a request that nobody answers is over for both after its time, at the second look', async (t) => {
  const server = await serve(t, life)
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.friends.request({ user: 'bob' })
  const { version } = await listOf(bob)
  server.clock.jump(day)
  await server.clock.advance(30_000)
  t.deepEqual(await people(alice), { bob: 'outgoing' })
  // A look takes as long as its store does: time passes until the second one was there.
  while ((await people(bob))['alice']) await server.clock.advance(30_000)
  t.deepEqual([await people(alice), await people(bob)], [{}, {}])
  // A list is told behind what it tells of.
  const told = () => bob.friends.sync({ after: version })
  while ((await told()).version === version) await server.clock.advance(30_000)
  t.deepEqual((await told()).gone, ['alice'])
})

test('a clock that jumps ahead and back ends nothing', async (t) => {
  const server = await serve(t, life)
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.friends.request({ user: 'bob' })
  server.clock.jump(400 * day)
  await server.clock.advance(31_000)
  server.clock.jump(-400 * day)
  await server.clock.advance(180_000)
  t.deepEqual(await people(alice), { bob: 'outgoing' })
  t.is(await codeOf(bob.friends.accept({ user: 'alice' })), 'ok')
})

test('a request that was taken before the second look stays taken', async (t) => {
  const server = await serve(t, life)
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.friends.request({ user: 'bob' })
  server.clock.jump(day)
  await server.clock.advance(31_000)
  await bob.friends.accept({ user: 'alice' })
  await server.clock.advance(300_000)
  t.deepEqual(await people(alice), { bob: 'friend' })
})

test('who turned a request down is not asked again for a while; who took it back may ask at once', async (t) => {
  const server = await serve(t, { requestAgainMs: 7 * day })
  const [alice, bob] = await server.friends('alice', 'bob')
  const ask = () => alice.friends.request({ user: 'bob' })
  await ask()
  await alice.friends.cancel({ user: 'bob' })
  t.is(await codeOf(ask()), 'ok')
  await bob.friends.reject({ user: 'alice' })
  const error = await t.throwsAsync<Error & { retryAfterMs: number }>(ask())
  t.like(error, { code: 'FRIENDS_TOO_SOON', retryAfterMs: 7 * day })
  t.deepEqual([await people(alice), await people(bob)], [{}, {}])
  // The other way round nothing was turned down.
  t.is(await codeOf(bob.friends.request({ user: 'alice' })), 'ok')
  await bob.friends.cancel({ user: 'alice' })
  await server.clock.advance(60_000)
  t.is(await codeOf(ask()), 'FRIENDS_TOO_SOON')
  server.clock.jump(7 * day)
  t.is(await codeOf(ask()), 'ok')
})

test('so many requests may be open, and so many are sent in a window', async (t) => {
  const server = await serve(t, { openRequests: 2, requests: { points: 4, windowMs: day } })
  const [alice] = await server.friends('alice')
  const ask = (user: string) => codeOf(alice.friends.request({ user }))
  t.deepEqual([await ask('u1'), await ask('aaron'), await ask('u3')], ['ok', 'ok', 'FRIENDS_TOO_MANY_OPEN'])
  await alice.friends.cancel({ user: 'aaron' })
  t.is(await ask('u3'), 'ok')
  const error = await t.throwsAsync<Error & { retryAfterMs: number }>(alice.friends.request({ user: 'u4' }))
  t.like(error, { code: 'NATTER_RATE_LIMITED', retryAfterMs: day })
  // What is there already costs nothing.
  t.is(await ask('u1'), 'ok')
  await alice.friends.cancel({ user: 'u1' })
  server.clock.jump(day)
  t.is(await ask('u4'), 'ok')
})

test('rows that say nothing any more are removed, and those that do are kept', async (t) => {
  const { clock, servers, rows } = await serveTogether(t, 1, { requestAgainMs: day })
  const [server] = servers
  const [alice, bob] = await server.friends('alice', 'bob', 'carol')
  await alice.friends.request({ user: 'bob' })
  await alice.friends.cancel({ user: 'bob' })
  await alice.friends.request({ user: 'carol' })
  await bob.friends.block({ user: 'dave' })
  t.is((await rows(pair).page({ a: { gte: '' } })).rows.length, 3)
  await clock.advance(180_000)
  t.deepEqual(
    (await rows(pair).page({ a: { gte: '' } })).rows.map(({ b }) => b),
    ['carol', 'dave'],
  )
})

test('a row that somebody uses again while it is removed is kept', async (t) => {
  const { clock, servers, rows } = await serveTogether(t, 1)
  const [server] = servers
  const [alice] = await server.friends('alice')
  await alice.friends.request({ user: 'bob' })
  await alice.friends.cancel({ user: 'bob' })
  let used = false
  server.weather.before = (model, verb) => {
    if (model !== 'pair' || verb !== 'take') return
    used = true
    void rows(pair).updateIf({ a: 'alice', b: 'bob' }, { state: 'friend', stamp: 'another', dueAt: undefined })
  }
  await clock.advance(180_000)
  t.true(used)
  t.deepEqual(await people(alice), { bob: 'friend' })
})
