import fc from 'fast-check'
import type { Append, Log, Storage } from '@natter/core/contract'

const users = ['a', 'b', 'c', 'system']
const user = fc.constantFrom(...users)
const seq = fc.integer({ min: 0, max: 12 })
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })

const append = fc
  .record({
    conversation: fc.constantFrom('x', 'y', 'z'),
    from: user,
    clientId: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9'),
    at: fc.integer({ min: 0, max: 20 }),
    body: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0')),
    digest: fc.constantFrom('d', 'e'),
    counts: fc.boolean(),
    open: some(fc.record({ kind: fc.constantFrom('direct', 'group'), members: fc.subarray(users) })),
    judgedAt: some(fc.integer({ min: 0, max: 3 })),
    members: some(
      fc.record({
        join: fc.array(fc.record({ user, floor: some(seq) }), { maxLength: 2 }),
        leave: fc.subarray(users, { maxLength: 2 }),
      }),
    ),
  })
  .map((each) => JSON.parse(JSON.stringify(each)) as Append)

export type Step = (log: Log) => Promise<unknown>
const place = fc.constantFrom('x', 'y', 'z')
export const step: fc.Arbitrary<readonly [name: string, run: Step]> = fc.oneof(
  {
    weight: 8,
    arbitrary: append.map((each): readonly [string, Step] => [
      `append ${JSON.stringify(each)}`,
      (log) => log.append(each),
    ]),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(place, user, some(seq), some(seq))
      .map(([c, u, read, received]): readonly [string, Step] => [
        `mark ${c} ${u} ${read} ${received}`,
        (log) =>
          log.mark(c, u, { ...(read === undefined ? {} : { read }), ...(received === undefined ? {} : { received }) }),
      ]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        place,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        some(fc.constantFrom('content' as const, 'author' as const)),
      )
      .map(([c, at, by, forget]): readonly [string, Step] => [
        `rewrite ${c} ${at} by ${by} ${forget}`,
        (log) => log.rewrite(c, at, { body: `by ${by}`, by, ...(forget ? { forget } : {}) }),
      ]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        place,
        seq,
        seq,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom('asc' as const, 'desc' as const),
      )
      .map(([c, from, to, limit, bytes, dir]): readonly [string, Step] => [
        `range ${c} ${from}..${to} ${limit} ${bytes} ${dir}`,
        (log) => log.range(c, { from, to, limit, bytes, dir }),
      ]),
  },
)

export interface Picture {
  readonly latest: number
  readonly changed: Awaited<ReturnType<Log['changed']>>
  readonly states: readonly Awaited<ReturnType<Log['states']>>[]
  readonly heads: unknown
  readonly memberships: unknown
  readonly entries: unknown
  readonly found: unknown
}

/** Everything that can be seen of a log. */
export async function picture({ log }: Storage): Promise<Picture> {
  const conversations = ['x', 'y', 'z']
  const whole = { from: 0, to: 1_000, limit: 500, bytes: 1e9 }
  return {
    latest: await log.latest(),
    changed: await log.changed(0, 100),
    heads: await Promise.all(conversations.map((c) => log.head(c))),
    memberships: await Promise.all(conversations.map((c) => log.membership(c))),
    entries: await Promise.all(conversations.map((c) => log.range(c, whole))),
    states: await Promise.all(users.map((u) => log.states(u, { after: 0, limit: 100 }))),
    found: await Promise.all(conversations.flatMap((c) => users.map((u) => log.find(c, u, '1')))),
  }
}
