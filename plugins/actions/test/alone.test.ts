import test from 'ava'
import { actions } from '@natter/actions'
import { pending } from '@natter/actions/contract'
import { offline } from '@natter/offline'
import { createTestNodes } from '@natter/testkit'

test('without friends and groups everybody acts in what they talk in, and nobody on the words of another', async (t) => {
  const { servers, store } = await createTestNodes(t, 1, () => [offline(), actions()])
  const [alice, bob] = await servers[0].friends('alice', 'bob')
  const direct = alice.direct('bob')
  await direct.send({ text: 'one' }).sent
  const at = { conversation: direct.id, seq: 1 }
  await bob.actions.react({ ...at, emoji: '👍' })
  await bob.actions.pin(at)
  await alice.actions.edit({ ...at, text: 'two' })
  await t.throwsAsync(bob.actions.deleteForAll(at), { code: 'ACTIONS_NOT_ALLOWED' })
  const { entries } = await bob.actions.entries({ conversation: direct.id, seqs: [1] })
  t.like(entries[0]?.body, { text: 'two', acts: { reactions: [['👍', ['bob']]], pinned: true } })
  await alice.actions.deleteForAll(at)

  // An answer whose note is gone, because it was judged long before it took its place: its thread has it.
  await direct.send({ text: 'root' }).sent
  const root = (await alice.offline.state({ conversation: direct.id })).head
  const rows = store.records('actions', pending)
  servers[0].weather.before = (model, verb) => {
    if (model === 'log' && verb === 'append') void rows.remove({ conversation: direct.id })
  }
  await direct.send({ type: 'reply', to: root, thread: root, text: 'late' }).sent
  t.is((await bob.actions.thread({ conversation: direct.id, seq: root })).entries.length, 1)
})
