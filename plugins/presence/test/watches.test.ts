import test from 'ava'
import type { Connection } from '@natter/core'
import { FakeClock } from '@natter/testkit'
import { Sight } from '#src/sight.js'
import { Watches } from '#src/watches.js'

function watching(look: (users: readonly string[]) => void) {
  const clock = new FakeClock()
  const sight = new Sight({ clock, recheckMs: 60_000, ask: () => true, audience: () => [] })
  const watches = new Watches({
    clock,
    sight,
    deltaMs: 1_000,
    recheckMs: 60_000,
    look: async (users) => {
      look(users)
      return users.map((user) => ({ user, state: 'online', on: [] }))
    },
    push: () => true,
    behind: () => false,
    failed: () => undefined,
  })
  const connection = { user: 'alice', id: 'c', open: true } as unknown as Connection
  return { clock, watches, connection }
}

test('of who is gone nothing is kept: whom only they watched nobody looks at any more', async (t) => {
  const looked: (readonly string[])[] = []
  const { clock, watches, connection } = watching((users) => looked.push(users))
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
  const { clock, watches, connection } = watching(() => undefined)
  Object.assign(connection, { open: false })
  await watches.watch(connection, ['bob'])
  watches.touch('bob')
  t.is(clock.waiting, 0)
})
