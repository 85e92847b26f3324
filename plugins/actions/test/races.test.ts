import test from 'ava'
import { actions } from '@natter/actions'
import { definePlugin, messageAllow } from '@natter/core'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { createTestServer } from '@natter/testkit'
import { actsIn, answer, codeOf, groupOf, read, say, serve, talk } from './serve.js'

const race = (acts: readonly (() => Promise<unknown>)[]) =>
  Promise.all(acts.toSorted(() => Math.random() - 0.5).map((act) => codeOf(act())))
const rounds = Array.from({ length: 4 }, (_, round) => round)

test('edit and delete at once: it is deleted, whoever came first, and no text is left', async (t) => {
  const server = await serve(t, { history: 'kept' })
  const [alice, bob] = await server.friends('alice', 'bob')
  const phone = await server.client('alice:phone')
  const conversation = await talk(alice, bob)
  for (const _ of rounds) {
    const at = await say(alice, conversation, 'secret')
    const codes = await race([
      () => alice.actions.edit({ ...at, text: 'other secret' }),
      () => phone.actions.edit({ ...at, text: 'third secret' }),
      () => phone.actions.deleteForAll(at),
    ])
    t.true(codes.every((code) => code === 'ok' || code === 'ACTIONS_DELETED'))
    t.deepEqual((await read(bob, at)).body, { type: 'deleted', by: 'alice' })
    t.deepEqual((await alice.actions.editions(at)).editions, [])
  }
  t.false(JSON.stringify(await bob.offline.page({ conversation, limit: 200 })).includes('secret'))
})

test('delete and react, pin and answer at once: of a deleted message nothing is left but its thread', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  for (const _ of rounds) {
    const at = await say(alice, conversation, 'secret')
    const codes = await race([
      () => alice.actions.deleteForAll(at),
      () => bob.actions.react({ ...at, emoji: '👍' }),
      () => bob.actions.pin(at),
      () => answer(bob, conversation, at.seq, 'x', at.seq),
    ])
    t.true(codes.every((code) => code === 'ok' || code === 'ACTIONS_DELETED'))
    const { acts, ...rest } = (await read(bob, at)).body
    t.deepEqual(rest, { type: 'deleted', by: 'alice' })
    t.deepEqual(
      Object.keys((acts as object | undefined) ?? {}).filter((name) => name !== 'thread'),
      [],
    )
    const { entries } = await bob.actions.thread(at)
    t.is(entries.length, (acts as { thread?: { count: number } } | undefined)?.thread?.count ?? 0)
  }
  t.deepEqual((await bob.actions.pins({ conversation })).pins, [])
})

test('many who react at once are all there, each once', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const crowd = await server.friends('u1', 'u2', 'u3', 'u4', 'u5', 'u6')
  const group = await groupOf(alice, crowd)
  const at = await say(alice, group, 'x')
  const codes = await race(
    crowd.flatMap((each) => [
      () => each.actions.react({ ...at, emoji: '👍' }),
      () => each.actions.react({ ...at, emoji: '👍' }),
      () => each.actions.react({ ...at, emoji: '🦀' }),
    ]),
  )
  t.true(codes.every((code) => code === 'ok'))
  const { reactions } = (await read(alice, at)).body['acts'] as { reactions: [string, string[]][] }
  t.deepEqual(
    reactions.map(([emoji, users]) => [emoji, users.toSorted()]).toSorted(),
    ['👍', '🦀'].map((emoji) => [emoji, ['u1', 'u2', 'u3', 'u4', 'u5', 'u6']]),
  )
  t.is((await actsIn(alice, group)).length, 12)
})

test('who reacts and takes it back at once has it or not, as the log says', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const phone = await server.client('bob:phone')
  const conversation = await talk(alice, bob)
  for (const _ of rounds) {
    const at = await say(alice, conversation, 'x')
    await race([
      () => bob.actions.react({ ...at, emoji: '👍' }),
      () => phone.actions.unreact({ ...at, emoji: '👍' }),
      () => phone.actions.react({ ...at, emoji: '👍' }),
    ])
    const last = (await actsIn(alice, conversation)).findLast((act) => act.endsWith(` ${at.seq}`))
    t.is('acts' in (await read(alice, at)).body, last?.includes(' reacted ') === true)
  }
})

test('many answers in one thread at once are all counted', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const crowd = await server.friends('u1', 'u2', 'u3')
  const group = await groupOf(alice, crowd)
  const root = await say(alice, group, 'root')
  const texts = Array.from({ length: 12 }, (_, i) => `answer ${i}`)
  await Promise.all(texts.map((text, i) => answer(crowd[i % 3]!, group, root.seq, text, root.seq)))
  const { entries } = await alice.actions.thread(root)
  t.deepEqual(entries.map(({ body }) => body['text'] as string).toSorted(), texts.toSorted())
  t.deepEqual((await read(alice, root)).body['acts'], { thread: { count: 12, last: entries.at(-1)!.seq } })
})

test('who is put out while they act has acted before, or not at all', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  for (const _ of rounds) {
    const group = await groupOf(alice, [bob])
    const at = await say(bob, group, 'one')
    const [edited, kicked] = await Promise.all([
      codeOf(bob.actions.edit({ ...at, text: 'two' })),
      codeOf(alice.groups.kick({ group, user: 'bob' })),
    ])
    t.is(kicked, 'ok')
    const { body } = await read(alice, at)
    t.is(body['text'], edited === 'ok' ? 'two' : 'one')
    t.true(['ok', 'NATTER_NOT_FOUND'].includes(edited), edited)
    t.is(await codeOf(bob.actions.edit({ ...at, text: 'three' })), 'NATTER_NOT_FOUND')
  }
})

test('who is put out between the judgement and the log has not acted', async (t) => {
  let meanwhile: (() => Promise<unknown>) | undefined
  const slow = definePlugin({
    name: 'slow',
    setup(api) {
      api.hook(messageAllow, async () => {
        const once = meanwhile
        meanwhile = undefined
        await once?.()
        return undefined
      })
    },
  })
  const server = await createTestServer(t, { plugins: [offline(), groups(), actions(), slow()] })
  const [alice, bob] = await server.friends('alice', 'bob')
  const acts: readonly ((at: { conversation: string; seq: number }) => Promise<unknown>)[] = [
    (at) => bob.actions.edit({ ...at, text: 'two' }),
    (at) => bob.actions.react({ ...at, emoji: '👍' }),
  ]
  for (const [i, act] of acts.entries()) {
    const { group } = await alice.groups.create({ key: `${i}`, settings: { name: 'Team', door: 'open' } })
    await bob.groups.join({ group })
    const sent = (await bob.conversation(group).send({ text: 'one' }).sent) as { readonly seq: number }
    const at = { conversation: group, seq: sent.seq }
    meanwhile = () => alice.groups.kick({ group, user: 'bob' })
    t.is(await codeOf(act(at)), 'NATTER_NOT_FOUND')
    const { entries } = await alice.actions.entries({ conversation: group, seqs: [at.seq] })
    t.deepEqual(entries[0]?.body, { text: 'one' })
    t.is((await alice.offline.state({ conversation: group })).head, at.seq + 1)
  }
})
