import type { Storage } from '@natter/core/contract'
import type { Race } from './races.js'
import { count, race, runRaces } from './races.js'
import type { Suite } from './suite.js'
import { direct, group, message, numbers, range } from './suite.js'

const races: readonly Race[] = [
  {
    title: "of many who open one conversation one does, and everybody's entry has a place in it",
    async run(t, stores, c) {
      const answers = await race(stores, ({ log }, n) =>
        log.append(message(c, `u${n}`, 'm', { open: group(`u${n}`, 'all') })),
      )
      t.deepEqual(
        answers.map((answer) => ('seq' in answer ? answer.seq : 0)).sort((a, b) => a - b),
        numbers(1, 24),
      )
      const opener = answers.findIndex((answer) => 'seq' in answer && answer.seq === 1) + 1
      const { members, version } = (await stores[1].log.membership(c))!
      t.deepEqual(
        members.map(({ user }) => user),
        ['all', `u${opener}`],
      )
      t.is(version, 1)
      t.deepEqual(
        (await stores[0].log.range(c, range(1, 99))).map(({ seq, n, from }) => [seq, n, from]),
        numbers(1, 24).map((seq) => {
          const by = answers.findIndex((answer) => 'seq' in answer && answer.seq === seq) + 1
          return [seq, seq, `u${by}`]
        }),
      )
    },
  },

  {
    title: 'of one key sent by many with two bodies one is stored, and each answer says what of it is so',
    async run(t, stores, c) {
      await stores[0].log.append(message(c, 'z', 'open', { open: group('a', 'z') }))
      const answers = await race(stores, ({ log }, n) =>
        log.append(message(c, 'a', 'same', { digest: n % 4 < 2 ? 'one' : 'other' })),
      )
      const statuses = answers.map(({ status }) => status)
      t.is(count(statuses, 'appended'), 1)
      t.is(count(statuses, 'duplicate'), 11)
      t.is(count(statuses, 'conflict'), 12)
      t.true(answers.every((answer) => !('seq' in answer) || (answer.seq === 2 && answer.n === 2)))
      const stored = (await stores[1].log.find(c, 'a', 'same'))?.digest
      const winner = statuses.indexOf('appended') + 1
      t.is(stored, winner % 4 < 2 ? 'one' : 'other')
      t.is((await stores[1].log.head(c))?.seq, 2)
    },
  },

  {
    title: 'of many joins and leaves each raises the version, and nobody is lost',
    async run(t, stores, c) {
      const everybody = numbers(1, 24).map((n) => `u${n}`)
      const leaving = everybody.filter((_, n) => n % 2 === 0)
      await stores[0].log.append(message(c, 'a', 'open', { open: group(...leaving) }))
      await race(stores, ({ log }, n) => {
        const user = `u${n}`
        const members = leaving.includes(user) ? { leave: [user] } : { join: [{ user }] }
        return log.append(message(c, 'system', `m${n}`, { counts: false, members }))
      })
      const { members, version } = (await stores[1].log.membership(c))!
      t.true(version >= 25)
      t.deepEqual(
        members.map(({ user, left }) => [user, left]),
        everybody.toSorted().map((user) => [user, leaving.includes(user)]),
      )
    },
  },

  {
    title: 'of many who send as judged, none is stored behind a change of members',
    async run(t, stores, c) {
      await stores[0].log.append(message(c, 'a', 'open', { open: group('a', 'b') }))
      const answers = await race(stores, ({ log }, n) =>
        n === 12
          ? log.append(message(c, 'system', 'out', { members: { leave: ['b'] } }))
          : log.append(message(c, 'b', `m${n}`, { judgedAt: 1 })),
      )
      const out = answers[11]!
      const stored = answers.filter((answer) => answer.status === 'appended' && answer !== out)
      t.true('seq' in out && stored.every((answer) => 'seq' in answer && answer.seq < out.seq))
      t.is(answers.filter(({ status }) => status === 'stale').length, 23 - stored.length)
      t.is((await stores[1].log.head(c))?.seq, stored.length + 2)
    },
  },

  {
    title: 'of many who raise a mark to one place one moves it, and the highest of many stays',
    async run(t, stores, c) {
      await Promise.all(
        numbers(1, 24).map((n) => stores[0].log.append(message(c, 'a', `m${n}`, { open: direct('a', 'b') }))),
      )
      const same = await race(stores, ({ log }) => log.mark(c, 'b', { read: 5 }))
      t.is(
        count(
          same.map((marked) => marked?.moved),
          true,
        ),
        1,
      )
      const each = await race(stores, ({ log }, n) => log.mark(c, 'b', n % 2 ? { read: n } : { received: n }))
      t.true(each.every((marked, i) => marked !== undefined && marked.member.received > i))
      t.deepEqual((await stores[1].log.state('b', c))?.me, {
        user: 'b',
        floor: 0,
        left: false,
        read: 23,
        received: 24,
      })
    },
  },

  {
    title: 'of many changes of one body the highest wins, whichever came last',
    async run(t, stores, c) {
      await stores[0].log.append(message(c, 'a', '1', { open: group('a') }))
      const by = (n: number) => ((n * 7) % 24) + 1
      const changed = await race(stores, ({ log }, n) => log.rewrite(c, 1, { body: `by ${by(n)}`, by: by(n) }))
      t.is(changed[numbers(1, 24).findIndex((n) => by(n) === 24)], true)
      const [entry] = await stores[1].log.range(c, range(1, 1))
      t.deepEqual([entry?.body, entry?.changedBy], ['by 24', 24])
    },
  },

  {
    title: 'of many who change one body by what they read nobody writes over another',
    async run(t, stores, c) {
      await stores[0].log.append(message(c, 'a', '1', { body: '[]', open: group('a') }))
      const read = async ({ log }: Storage) => (await log.range(c, range(1, 1)))[0]!.body
      await race(stores, async (store, n) => {
        for (;;) {
          const was = await read(store)
          const body = JSON.stringify([...(JSON.parse(was) as number[]), n])
          if (await store.log.rewrite(c, 1, { body, by: 2, was })) return
        }
      })
      const all = JSON.parse(await read(stores[1])) as number[]
      t.deepEqual(
        all.toSorted((a, b) => a - b),
        numbers(1, 24),
      )
    },
  },

  {
    title: 'starts at once have each an incarnation of its own, and all hold',
    async run(t, stores) {
      const begun = await race(stores, ({ log }) => log.begin())
      t.is(new Set(begun.map(({ incarnation }) => incarnation)).size, 24)
      const held = await Promise.all(begun.map((cursor) => stores[1].log.holds(cursor)))
      t.is(count(held, true), 24)
    },
  },
]

export function logRaces(suite: Suite): void {
  runRaces(suite, 'conversations', races)
}
