import test from 'ava'
import { edition, pinRow } from '@natter/actions/contract'
import { codeOf, groupOf, read, say, serveTogether, talk } from './serve.js'

const emoji = '👍'
/** Does it once, right before that server writes a body. */
const beforeRewrite = (server: Awaited<ReturnType<typeof serveTogether>>['servers'][0], act: () => unknown) => {
  let done = false
  server.weather.before = (_model, verb) => {
    if (verb !== 'rewrite' || done) return
    done = true
    act()
  }
}

test('who acts while somebody is erased does not write their name back', async (t) => {
  const together = await serveTogether(t, 2)
  const [one, other] = [together.servers[0], together.servers[1]!]
  const bob = await one.client('bob')
  const alice = await other.client('alice')
  const conversation = await talk(alice, bob)
  const at = await say(bob, conversation, 'one')
  await alice.actions.react({ ...at, emoji })
  // The reaction of bob is made of what the message said before; meanwhile it is rewritten, by no later an entry.
  const { log } = together.store
  beforeRewrite(one, () => {
    const body = JSON.stringify({ text: 'one', acts: { reactions: [[emoji, ['nobody']]] } })
    void log.rewrite(conversation, at.seq, { body, by: at.seq + 1 })
  })
  await bob.actions.react({ ...at, emoji: '🦀' })
  t.deepEqual((await read(bob, at)).body['acts'], {
    reactions: [
      [emoji, ['nobody']],
      ['🦀', ['bob']],
    ],
  })
})

test('who is erased while somebody acts is named by no message, and the act is not lost', async (t) => {
  const together = await serveTogether(t, 2)
  const [one, other] = [together.servers[0], together.servers[1]!]
  const [alice, bob] = [await one.client('alice'), await other.client('bob')]
  const group = await groupOf(bob, [alice])
  const at = await say(bob, group, 'one')
  await alice.actions.react({ ...at, emoji })
  let acting: Promise<string> | undefined
  beforeRewrite(one, () => {
    const body = { text: 'two', acts: { edited: 1, reactions: [[emoji, ['alice']]] } }
    void together.store.log.rewrite(group, at.seq, { body: JSON.stringify(body), by: at.seq + 1 })
    acting = codeOf(bob.actions.react({ ...at, emoji: '🦀' }))
  })
  await one.chat.users.erase('alice')
  t.is(await acting, 'ok')
  const { body } = await read(bob, at)
  t.is(body['text'], 'two')
  t.false(JSON.stringify(body).includes('alice'))
  const { reactions } = body['acts'] as { reactions: readonly (readonly [string, readonly string[]])[] }
  t.deepEqual(
    reactions.map(([kind, users]) => [kind, users.length]),
    [
      [emoji, 1],
      ['🦀', 1],
    ],
  )
})

test('an act that is in the log when somebody is erased, and not yet made of its message, comes of it', async (t) => {
  const together = await serveTogether(t, 2)
  const [one, other] = [together.servers[0], together.servers[1]!]
  const [alice, bob] = [await one.client('alice'), await other.client('bob')]
  const conversation = await talk(alice, bob)
  const at = await say(bob, conversation, 'one')
  await alice.actions.react({ ...at, emoji })
  other.weather.before = (_model, verb) => {
    if (verb === 'rewrite') throw new Error('dies here')
  }
  await bob.actions.edit({ ...at, text: 'two' })
  await one.chat.users.erase('alice')
  other.weather.before = undefined
  const { body } = await read(bob, at)
  t.is(body['text'], 'two')
  t.false(JSON.stringify(body).includes('alice'))
})

test('an edit whose author is erased in the same moment keeps no words', async (t) => {
  const together = await serveTogether(t, 2, { history: 'kept' })
  const [one, other] = [together.servers[0], together.servers[1]!]
  const [alice, bob] = [await one.client('alice'), await other.client('bob')]
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'secret')
  beforeRewrite(one, () => {
    void together.store.log.rewrite(conversation, at.seq, { body: '', by: at.seq, forget: 'author' })
  })
  await codeOf(alice.actions.edit({ ...at, text: 'other secret' }))
  t.deepEqual((await read(bob, at)).body, {})
  t.deepEqual((await together.store.records('actions', edition).page({ conversation })).rows, [])
  t.deepEqual((await together.store.records('actions', pinRow).page({ conversation, live: 1 })).rows, [])
})
