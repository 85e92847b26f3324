import test from 'ava'
import { Connections } from '@natter/core'
import type { People } from '@natter/core'
import { createTestChat } from '@natter/testkit'

test('of a large conversation those are gone through who are connected, not its members', async (t) => {
  const { chat, device } = await createTestChat(t, { plugins: [] })
  const [bob, eve] = [await device('bob'), await device('eve')]
  const asked: string[] = []
  const crowd: People = {
    length: 100_000,
    includes: (user) => (asked.push(user), user !== 'eve'),
    [Symbol.iterator]: () => t.fail('a member was read') as never,
  }
  chat.get(Connections).hint(crowd, 'c', 7)
  t.deepEqual(await bob.next('h'), ['h', 'c', 7])
  t.deepEqual(asked.toSorted(), ['bob', 'eve'])
  t.is(eve.frames.filter(([kind]) => kind === 'h').length, 0)
})
