import type { Append } from '@natter/core/contract'
import type { Suite } from './suite.js'
import { direct, group, message, numbers, range } from './suite.js'

export function logAppend({ test, open }: Suite): void {
  test('the first entry opens its conversation; without it there is none', async (t) => {
    const { log } = await open(t)
    t.deepEqual(await log.append(message('c', 'a', '1')), { status: 'absent' })
    t.is(await log.head('c'), undefined)
    t.is(await log.membership('c'), undefined)
    t.deepEqual(await log.range('c', range(1, 9)), [])
    const first = await log.append(message('c', 'a', '1', { at: 7, open: direct('a', 'b') }))
    t.deepEqual(first, { status: 'appended', seq: 1, n: 1, at: 7 })
    t.deepEqual(await log.head('c'), { conversation: 'c', kind: 'direct', seq: 1, n: 1, at: 7, version: 1 })
    t.deepEqual(
      (await log.membership('c'))?.members.map(({ user, floor, left }) => [user, floor, left]),
      [
        ['a', 0, false],
        ['b', 0, false],
      ],
    )
    await log.append(message('c', 'b', '2', { open: group('x') }))
    t.is((await log.head('c'))?.kind, 'direct')
    t.is((await log.membership('c'))?.members.length, 2)
  })

  test('a conversation with oneself has one member', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: direct('a', 'a') }))
    t.deepEqual(
      (await log.membership('c'))?.members.map(({ user }) => user),
      ['a'],
    )
  })

  test('seq is dense, n counts messages only, and time never goes back', async (t) => {
    const { log } = await open(t)
    const entries: readonly Partial<Append>[] = [
      { at: 50, open: group('a') },
      { at: 40, counts: false },
      { at: 60 },
      { at: 0, counts: false },
      { at: 61 },
    ]
    const answers = []
    for (const [i, more] of entries.entries()) answers.push(await log.append(message('c', 'a', `m${i}`, more)))
    t.deepEqual(
      answers.map((answer) => 'seq' in answer && [answer.seq, answer.n, answer.at]),
      [
        [1, 1, 50],
        [2, 1, 50],
        [3, 2, 60],
        [4, 2, 60],
        [5, 3, 61],
      ],
    )
    t.deepEqual(
      (await log.range('c', range(1, 9))).map(({ seq, n, at }) => [seq, n, at]),
      answers.map((answer) => 'seq' in answer && [answer.seq, answer.n, answer.at]),
    )
  })

  test('a retry is answered with the stored entry, another body under its id is a conflict', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { at: 5, open: direct('a', 'b') }))
    await log.append(message('c', 'a', '2', { at: 9 }))
    const again = await log.append(message('c', 'a', '1', { at: 99, body: '{"trimmed":true}' }))
    t.deepEqual(again, { status: 'duplicate', seq: 1, n: 1, at: 5 })
    t.deepEqual(await log.append(message('c', 'a', '1', { digest: 'other' })), { status: 'conflict' })
    t.deepEqual(await log.append(message('c', 'b', '1', { digest: 'other', at: 9 })), {
      status: 'appended',
      seq: 3,
      n: 3,
      at: 9,
    })
    await log.append(message('d', 'a', '1', { open: direct('a', 'c') }))
    t.is((await log.range('c', range(1, 9))).length, 3)
    t.is((await log.range('c', range(1, 1)))[0]?.body, '{"text":"1"}')
  })

  test('repeats that come together are stored once, and only another body is a conflict', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'z', 'open', { open: group('a', 'z') }))
    const answers = await Promise.all(
      numbers(1, 20).map((i) => log.append(message('c', 'a', 'same', { digest: i % 5 === 0 ? 'other' : 'one' }))),
    )
    t.is(answers.filter(({ status }) => status === 'appended').length, 1)
    t.is(answers.filter(({ status }) => status === 'conflict').length, 4)
    t.true(answers.every((answer) => !('seq' in answer) || (answer.seq === 2 && answer.n === 2)))
    t.is((await log.head('c'))?.seq, 2)
  })

  test('fifty senders at once get each place once, and each keeps their own order', async (t) => {
    const { log } = await open(t)
    await log.append(message('hot', 'system', 'open', { counts: false, open: group() }))
    const sent = await Promise.all(
      numbers(1, 50).flatMap((sender) =>
        numbers(1, 6).map(async (i) => {
          const conversation = i % 3 === 0 ? `cold${sender}` : 'hot'
          const answer = await log.append(message(conversation, `u${sender}`, `m${i}`, { open: group(`u${sender}`) }))
          return { conversation, sender, i, seq: 'seq' in answer ? answer.seq : 0 }
        }),
      ),
    )
    const hot = sent.filter(({ conversation }) => conversation === 'hot')
    t.deepEqual(
      hot.map(({ seq }) => seq).sort((a, b) => a - b),
      numbers(2, 201),
    )
    const stored = await log.range('hot', range(1, 500))
    t.deepEqual(
      stored.map(({ seq }) => seq),
      numbers(1, 201),
    )
    t.deepEqual(
      stored.map(({ n }) => n),
      numbers(0, 200),
    )
    for (const { conversation, sender, i, seq } of sent) {
      const earlier = sent.find((each) => each.conversation === conversation && each.sender === sender && each.i < i)
      if (earlier) t.true(earlier.seq < seq)
    }
    for (const sender of numbers(1, 50)) t.is((await log.head(`cold${sender}`))?.seq, 2)
  })

  test('find gives the stored entry of a key and nothing for others', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { at: 5, digest: 'd', open: direct('a', 'b') }))
    t.deepEqual(await log.find('c', 'a', '1'), { seq: 1, n: 1, at: 5, digest: 'd' })
    t.is(await log.find('c', 'b', '1'), undefined)
    t.is(await log.find('c', 'a', '2'), undefined)
    t.is(await log.find('d', 'a', '1'), undefined)
  })

  test('what cannot be stored is refused alone, among others that are stored', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'open', { open: direct('a', 'b') }))
    const hostile: readonly object[] = [
      { body: 'a\0b' },
      { body: '"\ud800"' },
      { body: '' },
      { body: {} },
      { body: undefined },
      { at: -1 },
      { at: 0.5 },
      { at: '5' },
      { from: '' },
      { from: 'a b' },
      { from: { $ne: '' } },
      { clientId: 'x'.repeat(65) },
      { clientId: null },
      { conversation: 'ä' },
      { digest: 5 },
      { counts: 1 },
      { judgedAt: -1 },
      { open: { kind: '', members: ['a'] } },
      { open: { kind: 'group', members: 'a' } },
      { open: { kind: 'group', members: [null] } },
      { members: { join: [{ user: 'a\0' }] } },
      { members: { join: [{ user: 'a', floor: -1 }] } },
      { members: { leave: ['\udfff'] } },
    ]
    const results = await Promise.allSettled(
      hostile.flatMap((more, i) => [
        log.append({ ...message('c', 'a', `bad${i}`), ...more } as Append),
        log.append(message('c', 'a', `good${i}`)),
      ]),
    )
    for (const [i, result] of results.entries()) {
      const what = JSON.stringify(hostile[i >> 1])
      if (i % 2 === 1) t.is(result.status === 'fulfilled' && result.value.status, 'appended', what)
      else t.is(result.status === 'rejected' && (result.reason as { code?: string }).code, 'STORAGE_INVALID', what)
    }
    t.is((await log.head('c'))?.seq, hostile.length + 1)
  })
}
