import test from 'ava'
import { groups } from '@natter/groups/client'
import { serve } from './serve.js'
import type { Served } from './serve.js'

const connect = (server: Served, token: string) => server.client(token, { plugins: [groups()] })

interface Watched<T> {
  get(): T
  subscribe(run: () => void): () => void
}

/** Resolves when a value is as it should be. */
function until<T>(value: Watched<T>, is: (now: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    let stop: (() => void) | undefined
    const look = () => {
      if (!is(value.get())) return
      stop?.()
      resolve(value.get())
    }
    stop = value.subscribe(look)
    look()
  })
}

test('a group follows what happens in it, until one is out', async (t) => {
  const server = await serve(t)
  const [alice, bob] = [await connect(server, 'alice'), await connect(server, 'bob')]
  const { group } = await alice.groups.create({ key: 'k', settings: { name: 'Team', door: 'open' } })
  const mine = alice.groups.of(group)
  t.is(alice.groups.of(group), mine)
  t.like(await until(mine, (now) => now !== undefined), { size: 1, me: { role: 'owner' } })
  await bob.groups.join({ group })
  const his = bob.groups.of(group)
  await until(mine, (now) => now?.size === 2)
  await alice.groups.set({ group, settings: { topic: 'Hills' } })
  await until(his, (now) => now?.settings.topic === 'Hills')
  await alice.groups.giveRole({ group, user: 'bob', role: 'reader' })
  await until(his, (now) => now?.me.role === 'reader')
  await alice.groups.kick({ group, user: 'bob' })
  t.is(await until(his, (now) => now === undefined), undefined)
  await until(mine, (now) => now?.size === 1)
})

test('invitations come and go, and what was missed is there after an absence', async (t) => {
  const server = await serve(t)
  const [alice, bob] = [await connect(server, 'alice'), await connect(server, 'bob')]
  const { group } = await alice.groups.create({ key: 'k', settings: { name: 'Team' } })
  const invited = bob.groups.invited()
  await alice.groups.invite({ group, user: 'bob' })
  t.like((await until(invited, (list) => list.length === 1))[0], { group, name: 'Team', by: 'alice' })
  await alice.groups.uninvite({ group, user: 'bob' })
  await until(invited, (list) => list.length === 0)
  bob.disconnect()
  await alice.groups.invite({ group, user: 'bob' })
  await server.clock.advance(60_000)
  await until(invited, (list) => list.length === 1)
  await bob.groups.join({ group })
  await until(invited, (list) => list.length === 0)
})

test('who was put out and comes in again has the conversation back', async (t) => {
  const server = await serve(t)
  const [alice, bob] = [await connect(server, 'alice'), await connect(server, 'bob')]
  const { group } = await alice.groups.create({ key: 'k', settings: { name: 'Team', door: 'open' } })
  const inside = (is: boolean) =>
    until(bob.conversations, (list) => list.some(({ id, left }) => id === group && !left) === is)
  await bob.groups.join({ group })
  await inside(true)
  await alice.groups.kick({ group, user: 'bob' })
  await inside(false)
  await bob.groups.join({ group })
  await inside(true)
  t.pass()
})
