import test from 'ava'
import { edition, pending, pinRow, removal } from '@natter/actions/contract'
import { answer, askAll, groupOf, read, say, serveTogether, talk } from './serve.js'

test('what a person deleted for themselves alone is theirs to have', async (t) => {
  const together = await serveTogether(t, 1)
  const server = together.servers[0]
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  await alice.actions.remove({ conversation, seqs: [1] })
  const parts: object[] = []
  for await (const { part, item } of server.chat.users.export('alice'))
    if (part.startsWith('actions.')) parts.push(item)
  t.deepEqual(parts, [{ conversation, seqs: [1] }])
})

test('of who is erased no row of actions is left, and what they had not finished is dropped', async (t) => {
  const together = await serveTogether(t, 1, { history: 'kept' })
  const server = together.servers[0]
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const group = await groupOf(bob, [alice])
  const at = await say(bob, conversation, 'from bob')
  await alice.actions.pin(at)
  await alice.actions.remove({ conversation, seqs: [1] })
  await answer(alice, group, (await say(bob, group, 'root')).seq, 'x')
  const poll = await askAll(bob, group)
  await alice.actions.vote({ ...poll, choices: [0] })
  const records = (model: object) => together.store.records('actions', model as typeof pending)
  // Noted, and never in the log.
  const note = {
    conversation,
    sender: 'system',
    clientId: 'lost',
    target: 1,
    at: 1,
    change: { what: 'edited', by: 'alice' },
  }
  await records(pending).insert(note)
  await server.chat.users.erase('alice')
  const left = await Promise.all(
    [pending, pinRow, edition].map(async (model) => (await records(model).page({ conversation })).rows),
  )
  t.false(JSON.stringify(left).includes('alice'))
  t.is(left[0]!.length, 0)
  t.is(left[1]!.length, 1)
  t.is(
    await (records(removal) as never as { get(key: object): Promise<unknown> }).get({ user: 'alice', conversation }),
    undefined,
  )
  t.like(await read(bob, at), { body: { text: 'from bob', acts: { pinned: true } } })
})

test('who passed on and who cleared the words of others is named by neither, when they are erased', async (t) => {
  const together = await serveTogether(t, 1)
  const server = together.servers[0]
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(bob, [alice])
  await bob.groups.giveRole({ group, user: 'alice', role: 'admin' })
  const hers = await say(alice, group, 'from alice')
  const { sent } = await bob.actions.forward({ ...hers, to: [group], key: 'k', named: true })
  const carol = await server.client('carol')
  await carol.groups.join({ group })
  const poor = await say(carol, group, 'x')
  await alice.actions.deleteForAll(poor)
  await server.chat.users.erase('alice')
  t.deepEqual((await read(bob, { conversation: group, seq: sent[0]!.seq! })).body, {
    type: 'forward',
    text: 'from alice',
    hops: 1,
  })
  t.deepEqual((await read(bob, poor)).body, { type: 'deleted' })
})
