// #region readme
import test from 'ava'
import { offline } from '@natter/offline'
import { createTestServer } from '@natter/testkit'
// #endregion
import { poll } from './types/poll/plugin.js'

// #region readme
test('a closed poll refuses votes', async (t) => {
  const server = await createTestServer(t, { plugins: [offline(), poll()] })
  const [alice, bob] = await server.friends('alice', 'bob')
  const { id } = await alice.poll.create({ with: bob.id, options: ['tea', 'coffee'] })
  t.deepEqual(await bob.poll.vote({ poll: id, option: 1 }), { poll: id, counts: [0, 1] })
  await alice.poll.close({ id })
  await t.throwsAsync(bob.poll.vote({ poll: id, option: 0 }), { code: 'POLL_CLOSED' })
})
// #endregion

test('a poll with too many options, and a vote on what is not there, are refused with typed errors', async (t) => {
  const server = await createTestServer(t, { plugins: [offline(), poll({ maxOptions: 2 })] })
  const [alice, bob] = await server.friends('alice', 'bob')
  await t.throwsAsync(alice.poll.create({ with: bob.id, options: ['a', 'b', 'c'] }), { code: 'POLL_TOO_MANY' })
  await t.throwsAsync(alice.poll.vote({ poll: 'd123/9', option: 0 }), { code: 'NATTER_NOT_FOUND' })
})

test('a vote reaches who is connected as an event', async (t) => {
  const server = await createTestServer(t, { plugins: [offline(), poll()] })
  const [alice, bob] = await server.friends('alice', 'bob')
  const { id } = await alice.poll.create({ with: bob.id, options: ['tea', 'coffee'] })
  const heard = new Promise((resolve) => alice.on('poll.changed', resolve))
  await bob.poll.vote({ poll: id, option: 0 })
  t.deepEqual(await heard, { poll: id, counts: [1, 0] })
})
