import type { Append, Appended } from '@natter/core/contract'
import { FakeClock } from '../fake-clock.js'
import type { Suite } from './suite.js'
import { group, message, numbers, range } from './suite.js'

const size = 16
const poison = 'arsenic'

/** What a send came to: its status, or the code of its refusal. */
const settled = async (sends: readonly Promise<Appended>[]): Promise<readonly string[]> =>
  (await Promise.allSettled(sends)).map((result) =>
    result.status === 'fulfilled' ? result.value.status : ((result.reason as { code?: string }).code ?? 'no code'),
  )

export function logBatches({ test, backend, open, keep }: Suite): void {
  test('sends that come together have each their own answer, whatever became of the others', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'first', { at: 5, open: group('a', 'b') }))
    const sends: readonly (readonly [Append, expected: Appended['status']])[] = numbers(1, 10).flatMap((i) => [
      [message('c', 'a', `m${i}`), 'appended'],
      [message('c', 'a', 'first'), 'duplicate'],
      [message('c', 'a', 'first', { digest: 'other' }), 'conflict'],
      [message('c', 'b', `m${i}`, { judgedAt: 7 }), 'stale'],
      [message(`none${i}`, 'a', 'm'), 'absent'],
      [message(`new${i}`, 'a', 'm', { open: group('a') }), 'appended'],
      [message(`new${i}`, 'a', 'm'), 'duplicate'],
      [message('c', 'b', `n${i}`, { counts: false, judgedAt: 1 }), 'appended'],
    ])
    const answers = await Promise.all(sends.map(([append]) => log.append(append)))
    t.deepEqual(
      answers.map(({ status }) => status),
      sends.map(([, expected]) => expected),
    )
    for (const [i, answer] of answers.entries()) {
      const { conversation, from, clientId } = sends[i]![0]
      const found = await log.find(conversation, from, clientId)
      if (answer.status === 'appended' || answer.status === 'duplicate') t.is(found?.seq, answer.seq)
      if (answer.status === 'stale' || answer.status === 'absent') t.is(found, undefined)
    }
    t.deepEqual(
      (await log.range('c', range(1, 500))).map(({ seq, n, clientId }) => [seq, n, clientId]),
      [
        [1, 1, 'first'],
        ...numbers(1, 10).flatMap((i) => [
          [i * 2, i + 1, `m${i}`],
          [i * 2 + 1, i + 1, `n${i}`],
        ]),
      ],
    )
  })

  test('what the rules refuse fails alone at every place of a batch', async (t) => {
    const { log } = await open(t)
    await everyPlace(t, log, { body: 'a\0' })
  })

  const { refuse } = backend
  if (!refuse) return

  test('what the database refuses fails alone at every place of a batch', async (t) => {
    const opened = keep(t, await backend.open({ models: [], clock: new FakeClock() }))
    await refuse(opened, poison)
    await everyPlace(t, opened.storage.log, { body: `{"text":"${poison}"}` })
  })

  test('several that the database refuses fail alone, also those that would open a conversation', async (t) => {
    const opened = keep(t, await backend.open({ models: [], clock: new FakeClock() }))
    const { log } = opened.storage
    await log.append(message('c', 'a', 'open', { open: group('a') }))
    await refuse(opened, poison)
    const bad = (i: number) => i % 3 !== 1
    const answers = await settled(
      numbers(1, 60).map((i) =>
        log.append(
          message(i % 2 ? 'c' : `new${i % 5}`, 'a', `m${i}`, {
            open: group('a', `u${i}`),
            members: { join: [{ user: `j${i}` }] },
            ...(bad(i) && { body: `{"text":"${poison}"}` }),
          }),
        ),
      ),
    )
    t.deepEqual(
      answers,
      numbers(1, 60).map((i) => (bad(i) ? 'STORAGE_INVALID' : 'appended')),
    )
    const kept = numbers(1, 60).filter((i) => !bad(i))
    for (const conversation of ['c', ...numbers(0, 4).map((i) => `new${i}`)]) {
      const here = kept.filter((i) => conversation === (i % 2 ? 'c' : `new${i % 5}`))
      const ids = [...(conversation === 'c' ? ['open'] : []), ...here.map((i) => `m${i}`)]
      const entries = await log.range(conversation, range(1, 500))
      t.deepEqual(
        entries.map(({ seq, clientId }) => [seq, clientId]),
        ids.map((id, i) => [i + 1, id]),
      )
      const joined = (await log.membership(conversation))?.members.flatMap(({ user }) => /^j\d+$/.exec(user) ?? [])
      t.deepEqual(joined?.toSorted(), here.map((i) => `j${i}`).toSorted(), 'nobody joined by a refused entry')
    }
    for (const i of numbers(1, 6).filter(bad)) {
      const again = await log.append(message('c', 'a', `m${i}`, { digest: 'another', body: '{"text":"clean"}' }))
      t.is(again.status, 'appended', 'the key of a refused entry is free')
    }
  })

  /** Sends full batches with one bad entry, at the first place, at the second, and so on. */
  async function everyPlace(
    t: Parameters<Parameters<typeof test>[1]>[0],
    log: Parameters<typeof keep>[1]['storage']['log'],
    bad: Partial<Append>,
  ): Promise<void> {
    await log.append(message('c', 'a', 'open', { open: group('a') }))
    let next = 2
    for (const place of numbers(1, size)) {
      // the first send is a batch of its own: the others queue behind it
      const first = log.append(message('c', 'a', `${place}-0`))
      const batch = numbers(1, size).map((i) => {
        const more = i === place ? bad : {}
        return log.append(message('c', `u${i % 3}`, `${place}-${i}`, more))
      })
      const answers = await settled([first, ...batch])
      t.deepEqual(
        answers,
        numbers(0, size).map((i) => (i === place ? 'STORAGE_INVALID' : 'appended')),
        `the bad one at ${place}`,
      )
      const stored = await log.range('c', range(next, 1e6))
      t.deepEqual(
        stored.map(({ seq, clientId }) => [seq, clientId]),
        numbers(0, size)
          .filter((i) => i !== place)
          .map((i, at) => [next + at, `${place}-${i}`]),
      )
      next += size
    }
  }
}
