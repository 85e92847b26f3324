import test from 'ava'
import { groups } from '@natter/groups/client'
import { ownGroups } from '#src/client/own-groups.js'
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

test('a group that cannot be read for now stays as it was, and one that is not mine goes', async (t) => {
  const happens: (() => void)[] = []
  let answer: () => Promise<unknown> = async () => ({ group: 'g', size: 1 })
  const cell = <T>(value: T) => ({
    get: () => value,
    set: (next: T) => void (value = next),
    subscribe: () => () => undefined,
  })
  const api = {
    me: cell({ id: 'alice' }),
    status: cell({ link: 'online' }),
    cell,
    ask: () => answer(),
    on: (name: string, run: (payload: object) => void) => {
      if (name === 'message') happens.push(() => run({ type: 'group', conversation: 'g' }))
      return () => undefined
    },
  }
  const mine = ownGroups(api as never).of('g')
  const again = async () => {
    for (const happened of happens) happened()
    await new Promise(setImmediate)
  }
  await again()
  t.like(mine.get(), { size: 1 })
  answer = async () => Promise.reject(Object.assign(new Error('It broke.'), { code: 'NATTER_INTERNAL' }))
  await again()
  t.like(mine.get(), { size: 1 })
  answer = async () => ({ group: 'g', size: 2 })
  await again()
  t.like(mine.get(), { size: 2 })
  answer = async () => Promise.reject(Object.assign(new Error('Not there.'), { code: 'NATTER_NOT_FOUND' }))
  await again()
  t.is(mine.get(), undefined)
})
