import test from 'ava'
import type { Connection } from '@natter/core'
import type { PersonPresence } from '@natter/presence/contract'
import { FakeClock } from '@natter/testkit'
import { Sight } from '#src/sight.js'
import { Watches } from '#src/watches.js'

type Parts = ConstructorParameters<typeof Watches>[0]

/** Watches of people who are online, of whom all may be seen, unless a test has other parts. */
function watching(other: Partial<Omit<Parts, 'clock'>> = {}, clock = new FakeClock()) {
  const watches = new Watches({
    clock,
    sight: new Sight({ clock, recheckMs: 60_000, ask: () => true, audience: () => [] }),
    deltaMs: 1_000,
    recheckMs: 60_000,
    look: async (users) => users.map((user) => ({ user, state: 'online', on: [] })),
    push: () => true,
    behind: () => false,
    failed: () => undefined,
    ...other,
  })
  const connection = { user: 'alice', id: 'c', open: true } as unknown as Connection
  return { clock, watches, connection }
}

test('of who is gone nothing is kept: whom only they watched nobody looks at any more', async (t) => {
  const looked: (readonly string[])[] = []
  const { clock, watches, connection } = watching({
    look: async (users) => {
      looked.push(users)
      return users.map((user) => ({ user, state: 'online', on: [] }))
    },
  })
  await watches.watch(connection, ['bob'])
  watches.touch('bob')
  t.is(clock.waiting, 1)
  await clock.advance(1_000)
  t.deepEqual(looked, [['bob'], ['bob']])
  watches.gone(connection)
  watches.touch('bob')
  t.is(clock.waiting, 0)
})

test('who went while it was asked what they may see leaves nothing behind', async (t) => {
  const { clock, watches, connection } = watching()
  Object.assign(connection, { open: false })
  await watches.watch(connection, ['bob'])
  watches.touch('bob')
  t.is(clock.waiting, 0)
})

test('who may not see somebody any more since it was asked is told nothing of them', async (t) => {
  const clock = new FakeClock()
  const blocked = new Set<string>()
  const told: PersonPresence[] = []
  let asked: (() => void) | undefined
  let go: (() => void) | undefined
  const sight = new Sight({
    clock,
    recheckMs: 0,
    async ask({ subject }) {
      // Of the second it takes long, once it is told.
      if (subject === 'cleo' && asked) {
        asked()
        await new Promise<void>((resolve) => (go = resolve))
      }
      return !blocked.has(subject)
    },
    audience: () => [],
  })
  let state: PersonPresence['state'] = 'online'
  const { watches, connection } = watching(
    {
      sight,
      recheckMs: 0,
      look: async (users) => users.map((user) => ({ user, state, on: [] })),
      push: (_connection, people) => told.push(...people) > 0,
      failed: () => t.fail(),
    },
    clock,
  )
  await watches.watch(connection, ['bob', 'cleo'])
  state = 'dnd'
  for (const user of ['bob', 'cleo']) watches.touch(user)
  const asking = new Promise<void>((resolve) => (asked = resolve))
  await clock.advance(1_000)
  await asking
  asked = undefined
  blocked.add('bob')
  await watches.reconsider('alice', 'bob')
  go!()
  await new Promise(setImmediate)
  t.deepEqual(
    told.filter(({ user }) => user === 'bob').map((each) => each.state),
    ['offline', 'offline'],
  )
  t.is(told.find(({ user }) => user === 'cleo')!.state, 'dnd')
})

test('while much is told, others have their turn', async (t) => {
  // Whatever is done takes 4 ms.
  class Slow extends FakeClock {
    override monotonic(): number {
      this.#passed += 4
      return super.monotonic() + this.#passed
    }
    #passed = 0
  }
  const happened: string[] = []
  const { clock, watches } = watching(
    {
      look: async (users) => {
        setImmediate(() => happened.push('another turn'))
        return users.map((user) => ({ user, state: 'online', on: [], seen: happened.length }))
      },
      push: ({ id }) => happened.push(id) > 0,
      failed: () => t.fail(),
    },
    new Slow(),
  )
  const connections = Array.from({ length: 10 }, (_, i) => ({ user: 'alice', id: `c${i}`, open: true }) as never)
  for (const each of connections) await watches.watch(each, ['bob'])
  await new Promise(setImmediate)
  watches.touch('bob')
  await clock.advance(1_000)
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  t.is(happened.filter((what) => what === 'c9').length, 1)
  t.true(happened.lastIndexOf('another turn') < happened.indexOf('c9'))
})
