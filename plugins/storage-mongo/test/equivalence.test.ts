import test from 'ava'
import fc from 'fast-check'
import type { Append, ConversationState, Log, Storage } from '@natter/core/contract'
import { configSchema, openStore } from '@natter/storage-mongo'
import { FakeClock, MemoryStore } from '@natter/testkit'
import { foundServer, scratchUrl } from './found-server.js'

/** JSON leaves out what is undefined, and these types do not take it. */
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const users = ['a', 'b', 'c', 'system']
const user = fc.constantFrom(...users)
const seq = fc.integer({ min: 0, max: 12 })
const append: fc.Arbitrary<Append> = fc
  .record({
    conversation: fc.constantFrom('x', 'y', 'z'),
    from: user,
    clientId: fc.constantFrom('1', '2', '3', '4', '5'),
    at: fc.integer({ min: 0, max: 100 }),
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

type Step = readonly [name: string, run: (log: Log) => Promise<unknown>]
const place = fc.constantFrom('x', 'y', 'z')
const sends: fc.Arbitrary<readonly Step[]> = fc.array(
  append.map((each): Step => [`append ${JSON.stringify(each)}`, (log) => log.append(each)]),
  { minLength: 1, maxLength: 8 },
)
const marks: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .tuple(place, user, some(seq), some(seq))
    .map(([c, u, read, received]): Step => [
      `mark ${c} ${u} ${read} ${received}`,
      (log) =>
        log.mark(c, u, { ...(read === undefined ? {} : { read }), ...(received === undefined ? {} : { received }) }),
    ]),
  { minLength: 1, maxLength: 4 },
)
const forget = some(fc.constantFrom('content' as const, 'author' as const))
const rewrites: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .tuple(place, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), forget)
    .map(([c, at, by, forget]): Step => [
      `rewrite ${c} ${at} by ${by} ${forget}`,
      (log) => log.rewrite(c, at, { body: `by ${by}`, by, ...(forget ? { forget } : {}) }),
    ]),
  { minLength: 1, maxLength: 2 },
)
/** What is asked for in one turn: of one kind, as sends and marks that come together have no order. */
const round = fc.oneof(
  { weight: 5, arbitrary: sends },
  { weight: 2, arbitrary: marks },
  { weight: 1, arbitrary: rewrites },
)

const unmarked = ({ mark: _, ...state }: ConversationState) => state
const byName = (a: { readonly conversation: string }, b: { readonly conversation: string }) =>
  a.conversation < b.conversation ? -1 : 1

/** Everything that can be seen of a log, but for the numbers of its change marks. */
async function picture({ log }: Storage): Promise<unknown> {
  const conversations = ['x', 'y', 'z']
  const whole = { from: 0, to: 1_000, limit: 500, bytes: 1e9 }
  const changed = await log.changed(0, 100)
  return {
    changed: changed.map(({ conversation, seq }) => ({ conversation, seq })).sort(byName),
    heads: await Promise.all(conversations.map((c) => log.head(c))),
    memberships: await Promise.all(conversations.map((c) => log.membership(c))),
    entries: await Promise.all(conversations.map((c) => log.range(c, whole))),
    parts: await Promise.all(
      conversations.map((c) => log.range(c, { from: 2, to: 9, limit: 3, bytes: 9, dir: 'desc' })),
    ),
    states: await Promise.all(
      users.map(async (u) => (await log.states(u, { after: 0, limit: 100 })).map(unmarked).sort(byName)),
    ),
    found: await Promise.all(conversations.flatMap((c) => users.map((u) => log.find(c, u, '1')))),
  }
}

const server = await foundServer(test)
if (server) {
  test('whatever is asked of it, one by one or together, MongoDB answers as the store in memory does', async (t) => {
    t.timeout(400_000)
    const url = await scratchUrl(server, t)
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 10 }), async (rounds) => {
        const clock = new FakeClock()
        const memory = new MemoryStore({ clock })
        const mongo = await openStore(configSchema.parse({ url, prefix: `run${++run}_` }), clock)
        try {
          await mongo.prepare([], [])
          for (const steps of rounds) {
            const [expected, found] = await Promise.all(
              [memory.log, mongo.log].map((log) => Promise.all(steps.map(([, step]) => step(log)))),
            )
            t.deepEqual(found, expected, steps.map(([name]) => name).join('\n'))
          }
          t.deepEqual(await picture(mongo), await picture(memory))
        } finally {
          await mongo.close()
        }
      }),
      { numRuns: 40, ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) },
    )
  })
}
