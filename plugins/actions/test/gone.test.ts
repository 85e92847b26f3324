import test from 'ava'
import { actions } from '@natter/actions'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { createTestServer } from '@natter/testkit'
import { rawStore } from './raw-text.js'
import { answer, groupOf, say, talk } from './serve.js'

for (const history of ['none', 'kept'] as const) {
  test(`with history ${history}, of a deleted text nothing is left in any table or collection`, async (t) => {
    const raw = rawStore()
    const plugins = [offline(), friends(), groups(), actions({ history }), raw.plugin] as const
    const server = await createTestServer(t, { plugins })
    const [alice, bob] = await server.friends('alice', 'bob')
    const conversation = await talk(alice, bob)
    const group = await groupOf(alice, [bob])
    for (const place of [conversation, group]) {
      const at = await say(alice, place, 'marzipan')
      await bob.actions.react({ ...at, emoji: '👍' })
      const reply = await answer(alice, place, at.seq, 'nougat', at.seq)
      await alice.actions.pin(at)
      await alice.actions.edit({ ...at, text: 'praline' })
      await alice.actions.edit({ ...reply, text: 'truffle' })
      await alice.actions.edit({ ...at, text: 'caramel' })
      await alice.actions.deleteForAll(reply)
      await alice.actions.deleteForAll(at)
    }
    const { text, places } = await raw.text(conversation, group)
    for (const word of ['marzipan', 'nougat', 'praline', 'truffle', 'caramel']) t.false(text.includes(word), word)
    t.true(text.includes('hello'), 'what was not deleted is found')
    t.true(places > 2)
  })

  test(`with history ${history}, what an edited text said before is ${history === 'none' ? 'gone' : 'kept'}`, async (t) => {
    const raw = rawStore()
    const plugins = [offline(), friends(), groups(), actions({ history }), raw.plugin] as const
    const server = await createTestServer(t, { plugins })
    const [alice, bob] = await server.friends('alice', 'bob')
    const conversation = await talk(alice, bob)
    const at = await say(alice, conversation, 'marzipan')
    for (const text of ['praline', 'caramel']) await alice.actions.edit({ ...at, text })
    const { text } = await raw.text(conversation)
    t.deepEqual(
      ['marzipan', 'praline', 'caramel'].map((word) => text.includes(word)),
      history === 'none' ? [false, false, true] : [true, true, true],
    )
  })
}
