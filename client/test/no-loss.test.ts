import { memory } from '@natter/client'
import type { Conversation } from '@natter/client'
import test from 'ava'
import fc from 'fast-check'
import { directId } from '#src/direct-id.js'
import { Bench, settle } from './support/bench.js'
import { FakeServer } from './support/fake-server.js'

const conversation = directId('alice', 'bob')

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), who: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('break' as const), after: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('turn' as const), turns: fc.integer({ min: 1, max: 20 }) }) },
)
type Fate = ReturnType<FakeServer['fate']>
const fates = fc.array(fc.constantFrom<Fate>('live', 'live', 'live', 'hint', 'late', 'lost'), { maxLength: 40 })

test('I4: whatever breaks wherever, each message reaches the app once and in order, and the view is the log', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fates,
      fc.integer({ min: 2, max: 50 }),
      async (steps, fate, limit) => {
        const ends: (() => unknown)[] = []
        const bench = new Bench({ teardown: (end) => ends.push(end) })
        const server = new FakeServer(bench.wire, () => bench.clock.now())
        server.pageLimit = limit
        let fated = 0
        server.fate = () => fate[fated++] ?? 'live'
        let budget = Infinity
        server.breaks = () => --budget < 0 && ((budget = Infinity), true)

        const people = ['alice', 'alice:phone', 'bob'].map((token) => person(bench, token))
        let sent = 0
        for (const action of steps) {
          if (action.do === 'send') people[action.who]!.send(`${sent++}`)
          if (action.do === 'break') budget = action.after
          if (action.do === 'pass') await bench.advance(action.ms, 2_000)
          if (action.do === 'cut')
            [...server.devices].slice(action.who, action.who + 1).forEach(({ line }) => server.cut(line))
          if (action.do === 'restart') await people[action.who]!.restart()
          if (action.do === 'read') people[action.who]!.view().read()
          if (action.do === 'flush') server.flushLate()
          if (action.do === 'turn') await settle(action.turns)
        }
        budget = Infinity
        server.flushLate()
        server.fate = () => 'live'
        // Long enough for every delay, and for the sync that finds what was lost without a trace.
        await bench.advance(400_000, 2_000)
        await settle(60)

        const log = server.log('alice', 'bob')
        const expected = log.map(([seq, , from, , , body]) => `${seq} ${from} ${(body as { text: string }).text}`)
        const texts = new Set(log.map(([, , , , , body]) => (body as { text: string }).text))
        t.is(log.length, sent, 'everything was sent once')
        t.is(texts.size, sent)
        for (const { runs, view, chat, token } of people) {
          t.deepEqual(chat().outbox.list(), [])
          while (await view().loadOlder()) continue
          t.deepEqual(view().messages.get().map(line), expected, `${token} sees the log`)
          t.is(view().info.get().head, log.length)
          for (const run of runs) {
            const start = run.length ? expected.indexOf(run[0]!) : 0
            t.deepEqual(run, expected.slice(start, start + run.length), `${token} was told each once, in order`)
          }
        }
        const bob = people[2]!
        if (bob.runs.length === 1) t.deepEqual(bob.runs[0], expected, 'an app on the only device is told everything')
        for (const end of ends) await end()
      },
    ),
    { numRuns: 150, ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) },
  )
  t.pass()
})

const storeStep = fc.oneof(
  { weight: 5, arbitrary: step },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const) }) },
)

test('I13: after a store went back to an older copy, the view is the log again', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(storeStep, { maxLength: 40 }), fates, fc.boolean(), async (steps, fate, opened) => {
      const ends: (() => unknown)[] = []
      const bench = new Bench({ teardown: (end) => ends.push(end) })
      const server = new FakeServer(bench.wire, () => bench.clock.now())
      let fated = 0
      server.fate = () => fate[fated++] ?? 'live'
      let budget = Infinity
      server.breaks = () => --budget < 0 && ((budget = Infinity), true)
      let copy = server.snapshot()
      const people = ['alice', 'bob'].map((token) => person(bench, token))
      if (opened) for (const { view } of people) view().messages.subscribe(() => {})
      let sent = 0
      for (const action of steps) {
        if (action.do === 'send') people[action.who % 2]!.send(`${sent++}`)
        if (action.do === 'break') budget = action.after
        if (action.do === 'pass') await bench.advance(action.ms, 2_000)
        if (action.do === 'turn') await settle(action.turns)
        if (action.do === 'copy') copy = server.snapshot()
        if (action.do === 'restore') {
          server.restore(copy)
        }
      }
      budget = Infinity
      server.fate = () => 'live'
      await bench.advance(400_000, 2_000)
      await settle(60)
      const expected = server.log('alice', 'bob').map(([seq, , from, , , body]) => line({ seq, from, ...body }))
      for (const { view, chat, token } of people) {
        t.deepEqual(chat().outbox.list(), [])
        while (await view().loadOlder()) continue
        t.deepEqual(view().messages.get().map(line), expected, `${token} sees the log`)
      }
      for (const end of ends) await end()
    }),
    { numRuns: 100 },
  )
  t.pass()
})

const line = ({ seq, from, text }: { seq: number; from: string; text?: string }) => `${seq} ${from} ${text}`

function person(bench: Bench, token: string) {
  const [user = ''] = token.split(':')
  const store = memory()
  const runs: string[][] = []
  const begin = () => {
    const run: string[] = []
    runs.push(run)
    const chat = bench.client({ token, user, store })
    chat.on('message', (message) => run.push(line(message as never)))
    return chat
  }
  let chat = begin()
  const view = (): Conversation => chat.conversation(conversation)
  return {
    token,
    runs,
    view,
    chat: () => chat,
    send: (text: string) => void chat.direct(user === 'bob' ? 'alice' : 'bob').send({ text }),
    async restart() {
      await chat.close()
      chat = begin()
    },
  }
}
