import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import type { Weather } from '@natter/testkit'
import { codeOf, listOf, people, serveTogether } from './serve.js'

/** From its nth write on nothing of this node reaches the store: its process dies there. */
function dies(weather: Weather, after: number): void {
  let left = after
  weather.before = (model, verb) => {
    if (model === 'log' || verb === 'get' || verb === 'page') return
    if (left-- <= 0) throw StorageErrors.UNAVAILABLE()
  }
}

test('wherever a process dies in a request, the next start tells both lists of it, or there is nothing', async (t) => {
  const ends = new Set<string>()
  for (let writes = 0; writes < 11; writes++) {
    const { servers, server } = await serveTogether(t, 1)
    const [first] = servers
    const alice = await first.client('alice')
    dies(first.weather, writes)
    const code = await codeOf(alice.friends.request({ user: 'bob' }))
    // It is dead from here on, whether its client was answered or not.
    dies(first.weather, 0)

    const second = await server()
    const [a, b] = [await second.client('alice:new'), await second.client('bob')]
    const told = { alice: await a.friends.sync({ after: 0 }), bob: await b.friends.sync({ after: 0 }) }
    const is = (await people(a))['bob'] ?? 'none'
    t.is((await people(b))['alice'] ?? 'none', is === 'none' ? 'none' : 'incoming')
    t.deepEqual(told.alice.contacts, (await listOf(a)).contacts)
    t.deepEqual(told.bob.contacts, (await listOf(b)).contacts)
    if (code === 'ok') t.is(is, 'outgoing')
    ends.add(`${code} ${is}`)
  }
  t.deepEqual([...ends].toSorted(), ['STORAGE_UNAVAILABLE none', 'STORAGE_UNAVAILABLE outgoing', 'ok outgoing'])
})

test('who repeats a block that was not answered gets its whole effect, on other nodes too', async (t) => {
  const { clock, servers } = await serveTogether(t, 2)
  const [here, there] = servers
  const [alice, bob] = [await here.client('alice'), await there!.client('bob')]
  t.is(await codeOf(bob.direct('alice').send({ text: 'one' }).sent), 'ok')
  here.weather.before = (model, verb) => {
    if (model === 'mark' && verb !== 'page') throw StorageErrors.UNAVAILABLE()
  }
  t.is(await codeOf(alice.friends.block({ user: 'bob' })), 'STORAGE_UNAVAILABLE')
  here.weather.before = undefined
  t.is(await codeOf(alice.friends.block({ user: 'bob' })), 'ok')
  await clock.advance(1_000)
  t.is(await codeOf(bob.direct('alice').send({ text: 'two' }).sent), 'NATTER_NOT_AVAILABLE')
})

test('a node that goes on tells what another left untold', async (t) => {
  const { clock, servers } = await serveTogether(t, 2)
  const [here, there] = servers
  const [alice, bob] = [await here.client('alice'), await there!.client('bob')]
  // Three for the allowance, and the row of two.
  dies(here.weather, 4)
  t.is(await codeOf(alice.friends.request({ user: 'bob' })), 'STORAGE_UNAVAILABLE')
  t.deepEqual((await bob.friends.sync({ after: 0 })).contacts, [])
  const heard = new Promise((resolve) => bob.on('friends.changed', resolve))
  await clock.advance(60_000)
  await heard
  t.like((await bob.friends.sync({ after: 0 })).contacts, [{ user: 'alice', is: 'incoming' }])
})

test('lists that two nodes write to at once tell of everybody', async (t) => {
  const { servers } = await serveTogether(t, 2)
  const [here, there] = servers
  const alice = await here.client('alice')
  const left = await here.friends(...Array.from({ length: 12 }, (_, i) => `l${i}`))
  const right = await there!.friends(...Array.from({ length: 12 }, (_, i) => `r${i}`))
  await Promise.all([...left, ...right].map((each) => each.friends.request({ user: 'alice' })))
  const { version, contacts } = await alice.friends.sync({ after: 0 })
  t.is(version, 24)
  t.is(contacts.length, 24)
})

test('what two nodes do to two people at once is one thing', async (t) => {
  const { servers } = await serveTogether(t, 2)
  const [here, there] = servers
  for (let round = 0; round < 8; round++) {
    const [alice, bob] = [await here.client(`alice${round}`), await there!.client(`bob${round}`)]
    await Promise.all([
      ...Array.from({ length: 8 }, () => alice.friends.request({ user: bob.id })),
      ...Array.from({ length: 8 }, () => bob.friends.request({ user: alice.id })),
    ])
    t.deepEqual([await people(alice), await people(bob)], [{ [bob.id]: 'friend' }, { [alice.id]: 'friend' }])
  }
})
