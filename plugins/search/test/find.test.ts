import test from 'ava'
import { eventually, find, groupOf, say, serve } from './serve.js'

test('messages are found by whole words and by how they begin, in any case and form', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  for (const text of ['The quick brown fox', 'Quicksand! Café Müller', 'Straße ﬁne ＡＢＣ', 'the end']) {
    await say(server, alice, group, text)
  }
  t.deepEqual(await find(bob, 'quick'), ['Quicksand! Café Müller', 'The quick brown fox'], 'the newest first')
  t.deepEqual(await find(bob, 'FOX qui'), ['The quick brown fox'], 'all of the words, in any order')
  t.deepEqual(await find(bob, 'fox sand'), [])
  t.deepEqual(await find(bob, 'the'), ['the end', 'The quick brown fox'], 'no word is too common')
  t.deepEqual(await find(bob, 'cafe mull'), ['Quicksand! Café Müller'])
  t.deepEqual(await find(bob, 'strasse'), ['Straße ﬁne ＡＢＣ'])
  t.deepEqual(await find(bob, 'fine abc'), ['Straße ﬁne ＡＢＣ'])
  t.deepEqual(await find(bob, 'ick'), [], 'not from within a word')
  t.deepEqual(await find(bob, 'q'), [], 'one letter stands for itself')
})

test('languages without spaces are found by any part, others in their own letters', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const texts = [
    '我们明天在北京见面吧',
    '東京タワーでiPhone15を買った',
    '회의는 내일입니다',
    'Привет, ёлка',
    'ﾃﾞｰﾀを送る',
  ]
  for (const text of texts) await say(server, alice, group, text)
  t.deepEqual(await find(bob, '北京'), [texts[0]])
  t.deepEqual(await find(bob, '明天在北京'), [texts[0]])
  t.deepEqual(await find(bob, '面'), [texts[0]])
  t.deepEqual(await find(bob, '吧'), [texts[0]], 'also its last')
  t.deepEqual(await find(bob, '京'), [texts[1], texts[0]])
  t.deepEqual(await find(bob, '京在'), [], 'its characters in another order')
  t.deepEqual(await find(bob, '明天北京'), [], 'not what does not follow each other')
  t.deepEqual(await find(bob, 'タワー iph'), [texts[1]])
  t.deepEqual(await find(bob, '내일'), [texts[2]])
  t.deepEqual(await find(bob, 'прив'), [texts[3]])
  t.deepEqual(await find(bob, 'елка'), [], 'another letter')
  t.deepEqual(await find(bob, 'データ'), [texts[4]])
})

test('a search is narrowed by sender, conversation, time and file', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const direct = alice.direct('bob').id
  await alice.direct('bob').send({ text: 'plan zero' }).sent
  const early = server.clock.now()
  await say(server, alice, group, 'plan one')
  await server.clock.advance(60_000)
  const late = server.clock.now()
  await say(server, bob, group, 'plan two')
  await say(server, alice, direct, 'plan three')
  await alice.conversation(group).send({ type: 'scan', title: 'plan four', file: 'f1' } as never).sent
  await alice.conversation(group).send({ type: 'scan', title: '', file: 'f2' } as never).sent
  await eventually(server.clock, async () => (await find(bob, { hasFile: true })).length === 2)
  const all = ['plan four', 'plan three', 'plan two', 'plan one', 'plan zero']
  t.deepEqual(await find(bob, 'plan'), all)
  t.deepEqual(await find(bob, { text: 'plan', from: 'bob' }), ['plan two'])
  t.deepEqual(await find(bob, { from: 'bob' }), ['plan two'])
  t.deepEqual(await find(bob, { text: 'plan', in: direct }), ['plan three', 'plan zero'])
  t.deepEqual(await find(bob, { text: 'plan', since: late }), all.slice(0, 3))
  t.deepEqual(await find(bob, { text: 'plan', until: late }), all.slice(3))
  t.deepEqual(await find(bob, { text: 'plan', since: early, until: late, from: 'alice', in: group }), ['plan one'])
  t.deepEqual(await find(bob, { hasFile: true }), ['', 'plan four'], 'the index says what a plugin says of its kind')
  t.deepEqual(await find(bob, { text: 'pl', hasFile: true }), ['plan four'])
  t.deepEqual(await find(bob, { hasFile: true, from: 'bob' }), [])
})

test('what is found comes page by page, each message once, with where its words are', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const direct = alice.direct('bob').id
  await alice.direct('bob').send({ text: 'x' }).sent
  // All at one moment: then their places tell them apart.
  for (let i = 0; i < 7; i++) await alice.conversation(i % 2 ? group : direct).send({ text: `note ${i}` }).sent
  await eventually(server.clock, async () => (await find(bob, 'note')).length === 7)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await bob.search.messages({ text: 'note', limit: 2, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...page.hits.map(({ text }) => text))
    cursor = page.cursor
    t.is(page.more, cursor !== undefined)
  } while (cursor !== undefined)
  t.deepEqual(
    seen.toSorted(),
    Array.from({ length: 7 }, (_, i) => `note ${i}`),
  )

  const long = `${'before '.repeat(60)}needle 🙂 and needles ${'after '.repeat(60)}`
  const { seq } = await say(server, alice, group, long)
  const { hits } = await bob.search.messages({ text: 'needle' })
  const [hit] = hits
  t.like(hit, { conversation: group, seq, from: 'alice', type: 'text', cut: [true, true], hasFile: false })
  t.deepEqual(
    hit?.matches.map(([from, to]) => hit.text.slice(from, to)),
    ['needle', 'needles'],
  )
  t.true(hit!.text.length <= 200 && hit!.text.isWellFormed())
})

test('replies, forwards and polls are found, what the system says is not', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob], { name: 'Zebras' })
  const at = await say(server, alice, group, 'ask')
  await alice.conversation(group).send({ type: 'reply', to: at.seq, text: 'zebra answer' }).sent
  await alice.conversation(group).send({ type: 'poll', question: 'Which zebra?', options: ['the tall', 'the small'] })
    .sent
  await eventually(server.clock, async () => (await find(bob, 'tall')).length === 1)
  t.deepEqual(await find(bob, 'zebra'), ['Which zebra?\nthe tall\nthe small', 'zebra answer'])
})
