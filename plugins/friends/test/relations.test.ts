import test from 'ava'
import { conversationOpen, definePlugin, userAudience, userShow } from '@natter/core'
import type { Bus } from '@natter/core'
import { isDenied } from '@natter/core/contract'
import { offline } from '@natter/offline'
import { createTestServer, FakeClock, memoryStorage, MemoryStore, sharedStorage } from '@natter/testkit'
import { friends } from '@natter/friends'
import { relationChanged, Relations } from '@natter/friends/contract'
import type { Permission, RelationChange } from '@natter/friends/contract'
import { relationsGuard } from '@natter/friends/guard'
import { befriend, codeOf, serve } from './serve.js'

test('friends are given page by page, each once', async (t) => {
  const server = await serve(t, { requests: { points: 100 } })
  const others = ['a1', 'a2', 'a3', 'n1', 'n2', 'z1', 'z2']
  const me = await server.client('mia')
  for (const other of await server.friends(...others, 'stranger')) await befriend(me, other)
  await me.friends.remove({ user: 'stranger' })
  const relations = server.chat.get(Relations)
  for (const limit of [1, 2, 3, 7, 100]) {
    const users: string[] = []
    let after: string | undefined
    do {
      const page: Awaited<ReturnType<Relations['friendsOf']>> = await relations.friendsOf('mia', {
        limit,
        ...(after === undefined ? {} : { after }),
      })
      t.true(page.users.length <= limit)
      users.push(...page.users)
      after = page.next
    } while (after !== undefined)
    t.deepEqual(users.toSorted(), others)
  }
})

/** Hears what changes, and runs hooks as `auth` would. */
function listener() {
  const heard: RelationChange[] = []
  const hooks: {
    audience?: (user: string) => Promise<readonly string[]>
    shown?: (user: string, to: string) => Promise<boolean>
    found?: (user: string, to: string) => Promise<boolean>
    opens?: (from: string, to: string) => Promise<boolean>
  } = {}
  const plugin = definePlugin({
    name: 'listener',
    setup(api) {
      const [audience, show, open] = [api.runner(userAudience), api.runner(userShow), api.runner(conversationOpen)]
      hooks.opens = async (from, to) => !isDenied(await open({ from, to }, undefined))
      hooks.audience = async (user) => audience({ user }, undefined)
      hooks.shown = async (user, to) => !isDenied(await show({ user, to, why: 'change' }, undefined))
      hooks.found = async (user, to) => !isDenied(await show({ user, to, why: 'find' }, undefined))
      api.hook(relationChanged, (change) => void heard.push(change))
    },
  })
  return { heard, hooks, plugin: plugin() }
}

test('other plugins hear of what changes between people', async (t) => {
  const { heard, plugin } = listener()
  const server = await createTestServer(t, { plugins: [friends(), plugin] })
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.friends.request({ user: 'bob' })
  t.deepEqual(heard.splice(0), [])
  await bob.friends.accept({ user: 'alice' })
  t.deepEqual(heard.splice(0), [{ kind: 'added', user: 'bob', other: 'alice' }])
  await bob.friends.block({ user: 'alice' })
  t.deepEqual(heard.splice(0), [
    { kind: 'removed', user: 'bob', other: 'alice' },
    { kind: 'blocked', user: 'bob', other: 'alice' },
  ])
  await bob.friends.unblock({ user: 'alice' })
  await bob.friends.privacy({ call: 'nobody' })
  t.deepEqual(heard.splice(0), [
    { kind: 'unblocked', user: 'bob', other: 'alice' },
    { kind: 'privacy', user: 'bob' },
  ])
})

test('who hears of a change and asks at once is told what is', async (t) => {
  const found: unknown[] = []
  const asking = definePlugin({
    name: 'asking',
    needs: { relations: Relations },
    setup(api, { relations }) {
      api.hook(relationChanged, async (change) => {
        if (change.kind === 'privacy') found.push(await relations.may('bob', 'alice', 'call'))
        else found.push(await relations.blocked(change.user, change.other))
      })
    },
  })
  const server = await createTestServer(t, { plugins: [friends(), asking()] })
  const [alice] = await server.friends('alice')
  t.false(await server.chat.get(Relations).may('bob', 'alice', 'call'))
  await alice.friends.privacy({ call: 'everyone' })
  await alice.friends.block({ user: 'bob' })
  await alice.friends.unblock({ user: 'bob' })
  t.deepEqual(found, [true, true, false])
})

test('a person’s profile concerns their friends, and nobody who is blocked', async (t) => {
  const { hooks, plugin } = listener()
  const server = await createTestServer(t, { plugins: [offline(), friends(), plugin] })
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  await befriend(alice, bob)
  t.deepEqual(await hooks.audience!('alice'), ['bob'])
  await carol.direct('alice').send({ text: 'hello' }).sent
  t.true(await hooks.shown!('alice', 'carol'))
  t.true(await hooks.found!('alice', 'carol'))
  await alice.friends.privacy({ find: 'friends' })
  t.deepEqual([await hooks.found!('alice', 'carol'), await hooks.found!('alice', 'bob')], [false, true])
  await alice.friends.block({ user: 'carol' })
  t.false(await hooks.shown!('alice', 'carol'))
  t.false(await hooks.shown!('carol', 'alice'))
})

/** A host that keeps its own relations: who is a colleague may write, and nobody else. `tell` says that they changed. */
const colleagues = (
  teams: Record<string, string>,
  apart: ReadonlySet<string>,
  told: (tell: (change: RelationChange) => void) => void = () => undefined,
) =>
  definePlugin({
    name: 'colleagues',
    provides: [Relations],
    setup(api) {
      const changed = api.runner(relationChanged)
      told((change) => changed(change, undefined))
      const blocked = (a: string, b: string) => apart.has([a, b].toSorted().join())
      api.provide(Relations, () => ({
        blocked,
        may: async (viewer: string, subject: string, what: Permission) =>
          !blocked(viewer, subject) && (what === 'find' || teams[viewer] === teams[subject]),
        friendsOf: async (user: string) => ({
          users: Object.keys(teams).filter((other) => other !== user && teams[other] === teams[user]),
          next: undefined,
        }),
      }))
    },
  })()

test('a host with relations of its own has them enforced, without a plugin of ours for friends', async (t) => {
  const apart = new Set<string>()
  let tell!: (change: RelationChange) => void
  const own = colleagues({ alice: 'red', bob: 'red', carol: 'blue' }, apart, (given) => (tell = given))
  const { heard, hooks, plugin } = listener()
  const server = await createTestServer(t, {
    storage: memoryStorage(),
    plugins: [offline(), own, relationsGuard(), plugin],
  })
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const send = (from: typeof alice, to: string) => codeOf(from.direct(to).send({ text: 'hello' }).sent)
  t.is(await send(alice, 'bob'), 'ok')
  t.is(await send(carol, 'bob'), 'NATTER_NOT_AVAILABLE')
  t.is(await send(alice, 'nobody-1'), 'NATTER_NOT_AVAILABLE')
  t.true(await hooks.shown!('alice', 'bob'))
  t.deepEqual([await hooks.opens!('alice', 'bob'), await hooks.opens!('carol', 'bob')], [true, false])

  apart.add('alice,bob')
  t.is(await send(alice, 'bob'), 'NATTER_NOT_AVAILABLE')
  t.is(await send(bob, 'alice'), 'NATTER_NOT_AVAILABLE')
  t.false(await hooks.shown!('alice', 'bob'))
  t.is(await send(bob, 'bob'), 'ok')
  tell({ kind: 'blocked', user: 'alice', other: 'bob' })
  t.deepEqual(heard, [{ kind: 'blocked', user: 'alice', other: 'bob' }])
})

test('two providers of relations do not start together, and the guard alone says what is missing', async (t) => {
  const plugins = [friends(), colleagues({}, new Set())] as const
  await t.throwsAsync(createTestServer(t, { plugins: [...plugins] }), { code: 'NATTER_PROVIDED_TWICE' })
  const error = await t.throwsAsync<Error>(createTestServer(t, { plugins: [relationsGuard()] as never }))
  t.like(error, { code: 'NATTER_NEED_MISSING' })
  t.regex(error!.message, /relations.*\n.*friends\(\)/)
})

/** Nodes that hear each other at once. */
function hub() {
  const nodes: { subject: string; handler: (frame: unknown) => unknown; node: object }[] = []
  return (): Bus => {
    const node = {}
    return {
      remote: true,
      publish(subject, frame) {
        for (const each of nodes) if (each.subject === subject && each.node !== node) each.handler(frame)
      },
      subscribe(subject, handler) {
        const mine = { subject, handler, node }
        nodes.push(mine)
        return () => void nodes.splice(nodes.indexOf(mine), 1)
      },
      request: () => Promise.reject(new Error('nobody answers')),
      flush: () => Promise.resolve(),
      lease: () => Promise.resolve(undefined),
      onEpochBump: () => () => undefined,
    }
  }
}

test('over a bus other nodes hear of it at once, and do not remember what was', async (t) => {
  const clock = new FakeClock()
  const storage = sharedStorage(new MemoryStore({ clock }))
  const node = hub()
  const { heard, plugin } = listener()
  const here = await createTestServer(t, { plugins: [offline(), friends()], storage, clock, bus: node() })
  const there = await createTestServer(t, { plugins: [offline(), friends(), plugin], storage, clock, bus: node() })
  const [alice, bob] = [await here.client('alice'), await there.client('bob')]
  const send = () => codeOf(bob.direct('alice').send({ text: 'hello' }).sent)
  t.is(await send(), 'ok')
  await alice.friends.block({ user: 'bob' })
  t.is(await send(), 'NATTER_NOT_AVAILABLE')
  await alice.friends.unblock({ user: 'bob' })
  await alice.friends.privacy({ message: 'nobody' })
  t.is(await send(), 'NATTER_NOT_AVAILABLE')
  t.deepEqual(
    heard.map(({ kind }) => kind),
    ['blocked', 'unblocked', 'privacy'],
  )
})
