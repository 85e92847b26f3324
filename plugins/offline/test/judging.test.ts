import test from 'ava'
import type { ExecutionContext } from 'ava'
import { Conversations, definePlugin, messageAllow, messageChange, messageRewriting, NatterErrors } from '@natter/core'
import { deny } from '@natter/core/contract'
import { offline } from '@natter/offline'
import { createTestServer } from '@natter/testkit'

async function serve(t: ExecutionContext) {
  const seen: unknown[] = []
  const rules = definePlugin({
    name: 'rules',
    setup(api) {
      api.hook(messageAllow, (draft, { counts, peer, version }) => {
        seen.push([draft.clientId, counts, peer, version])
        return 'text' in draft && draft.text === 'rude' ? deny(NatterErrors.FORBIDDEN) : undefined
      })
      api.hook(messageChange, (draft) =>
        draft.type === 'text' ? { ...draft, text: draft.text.replace('damn', '****') } : undefined,
      )
    },
  })
  let rewriting: ((seq: number, before: object, after: object | undefined) => unknown) | undefined
  const rewriter = definePlugin({
    name: 'rewriter',
    setup(api) {
      const run = api.runner(messageRewriting)
      rewriting = (seq, before, after) =>
        run({ conversation: 'team', seq, by: 9, before: before as never, after: after as never }, undefined)
    },
  })
  const server = await createTestServer(t, { plugins: [offline(), rules(), rewriter()] })
  return { ...server, seen, talk: server.chat.get(Conversations), rewriting: rewriting! }
}

test('a body is judged and changed as a message is, and nothing is stored', async (t) => {
  const { friends, talk, seen } = await serve(t)
  const [alice] = await friends('alice', 'bob')
  await alice.direct('bob').send({ text: 'hello' }).sent
  const conversation = talk.direct('alice', 'bob')
  seen.length = 0
  t.deepEqual(await talk.judge('alice', conversation, { text: 'damn', more: 1 }, { id: 'a' }), {
    kind: 'direct',
    version: 1,
    type: 'text',
    fields: { text: '****' },
  })
  await talk.judge('bob', conversation, { text: 'x' }, { id: 'b', counts: false })
  t.deepEqual(seen, [
    ['a', true, 'bob', 1],
    ['b', false, 'alice', 1],
  ])
  await t.throwsAsync(talk.judge('bob', conversation, { text: 'rude' }, { id: 'c' }), { code: 'NATTER_FORBIDDEN' })
  t.is((await talk.judge('bob', conversation, { text: 'rude' }, { id: 'c', without: ['rules'] })).type, 'text')
  for (const [who, where] of [
    ['eve', conversation],
    ['alice', 'nowhere'],
  ] as const) {
    await t.throwsAsync(talk.judge(who, where, { text: 'x' }, { id: 'd' }), { code: 'NATTER_NOT_FOUND' })
  }
  await t.throwsAsync(talk.judge('alice', conversation, { text: '' }, { id: 'e' }), { code: 'NATTER_INVALID' })
  t.is((await alice.offline.state({ conversation })).head, 1)
})

test('who is mentioned follows a message that is rewritten', async (t) => {
  const { friends, talk, rewriting } = await serve(t)
  const [alice, bob, carol] = await friends('alice', 'bob', 'carol')
  const people = ['alice', 'bob', 'carol']
  await talk.append('team', { body: { text: 'made' }, cause: 'made', open: { kind: 'team', members: people } })
  const mentioned = async (who: typeof bob) => (await who.offline.state({ conversation: 'team' })).mentions ?? []
  const first = { text: 'x', mentions: ['bob'] }
  await alice.conversation('team').send(first).sent
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[2], []])
  const second = { text: 'x', mentions: ['carol', 'mallory', 'no id!'] }
  for (let i = 0; i < 2; i++) await rewriting(2, first, second)
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[], [2]])
  await rewriting(2, second, { text: 'x', mentions: ['@all'] })
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[2], [2]])
  await rewriting(2, { text: 'x', mentions: ['@all'] }, undefined)
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[], []])
})
