import { clientPlugin, ClientError } from '@natter/client'
import type { ClientPluginFactory } from '@natter/client'
import test from 'ava'
import { admit, Bench, settle } from './support/bench.js'
import type { TestContext } from './support/bench.js'
import type * as contract from './support/poll-contract.js'

const poll: ClientPluginFactory<'poll', typeof contract> = clientPlugin<typeof contract>('poll', {
  vote: 1,
  create: 1,
  tally: 'idempotent',
})

async function start(t: TestContext, plugins: object = { poll: 1 }) {
  const bench = new Bench(t)
  const chat = bench.client({ plugins: [poll()] })
  const line = await admit(bench.wire, { plugins })
  const reconnect = async () => {
    line.close(1006)
    await settle()
    await bench.clock.advance(500)
    return admit(bench.wire, { plugins })
  }
  return { bench, chat, line, reconnect }
}

test('a plugin has its verbs as calls, answered by request id', async (t) => {
  const { chat, line } = await start(t)
  const one = chat.poll.vote({ poll: 'c/1', option: 1 })
  const two = chat.poll.tally({ poll: 'c/1' })
  const [, first, name, input, ...rest] = await line.next('q')
  t.deepEqual([name, input, rest], ['poll.vote', { poll: 'c/1', option: 1 }, []])
  const [, second, , , key] = await line.next('q')
  t.regex(key, /^[\w-]{22}$/)
  line.send('ok', second, { poll: 'c/1', counts: [2] })
  line.send('ok', first, { poll: 'c/1', counts: [1] })
  t.deepEqual(await one, { poll: 'c/1', counts: [1] })
  t.deepEqual(await two, { poll: 'c/1', counts: [2] })
})

test('a refusal is a typed error', async (t) => {
  const { chat, line } = await start(t)
  const voting = chat.poll.vote({ poll: 'c/1', option: 1 })
  const [, id] = await line.next('q')
  line.send('no', id, {
    code: 'POLL_CLOSED',
    message: 'closed',
    retryable: true,
    retryAfterMs: 5,
    details: { a: 1 },
    requestId: 'r',
  })
  const error = await t.throwsAsync(voting, {
    instanceOf: ClientError,
    code: 'POLL_CLOSED',
    message: 'closed',
  } as never)
  t.true(chat.isError(error, 'POLL_CLOSED'))
  t.true(chat.isError(error))
  t.false(chat.isError(error, 'POLL_TOO_MANY'))
  t.false(chat.isError(new Error('x')))
  t.like(error, { retryable: true, retryAfterMs: 5, details: { a: 1 }, requestId: 'r' })
})

test('after a loss an idempotent command is asked again under its key; another has an unknown outcome', async (t) => {
  const { chat, line, reconnect } = await start(t)
  const voting = t.throwsAsync(chat.poll.vote({ poll: 'c/1', option: 1 }), { code: 'NATTER_OUTCOME_UNKNOWN' } as never)
  const tally = chat.poll.tally({ poll: 'c/1' })
  await line.next('q')
  const [, , , , key] = await line.next('q')
  const next = await reconnect()
  await voting
  const [, id, name, input, again] = await next.next('q')
  t.deepEqual([name, input, again], ['poll.tally', { poll: 'c/1' }, key])
  next.send('ok', id, { poll: 'c/1', counts: [] })
  t.deepEqual(await tally, { poll: 'c/1', counts: [] })
})

test('a command that was not transmitted waits for a connection, whatever it is', async (t) => {
  const { bench, chat, line } = await start(t)
  bench.change('offline')
  const voting = chat.poll.vote({ poll: 'c/1', option: 1 })
  await settle()
  t.is(line.frames.length, 1)
  bench.change('online')
  const next = await admit(bench.wire, { plugins: { poll: 1 } })
  const [, id] = await next.next('q')
  next.send('ok', id, { poll: 'c/1', counts: [] })
  await voting
  t.pass()
})

test('a plugin that the server lacks is named', async (t) => {
  const { chat } = await start(t, { auth: 1 })
  const error = await t.throwsAsync(chat.poll.vote({ poll: 'c/1', option: 1 }), {
    code: 'NATTER_PLUGIN_ABSENT',
  } as never)
  t.regex(error!.message, /plugin poll.*poll\.vote/)
})

test('a call ends in time: offline, unanswered, and of unknown outcome are told apart', async (t) => {
  const { bench, chat } = await start(t)
  const tally = t.throwsAsync(chat.poll.tally({ poll: 'p' }, { timeoutMs: 5_000 }), { code: 'NATTER_TIMEOUT' } as never)
  const vote = t.throwsAsync(chat.poll.vote({ poll: 'p', option: 1 }), { code: 'NATTER_OUTCOME_UNKNOWN' } as never)
  await bench.advance(5_000)
  await tally
  await bench.advance(25_000, 5_000)
  await vote
  bench.change('offline')
  const waits = t.throwsAsync(chat.poll.vote({ poll: 'p', option: 1 }, { timeoutMs: 200 }), {
    code: 'CLIENT_OFFLINE',
  } as never)
  await bench.clock.advance(200)
  await waits
})

test('a call is aborted by its signal', async (t) => {
  const { chat } = await start(t)
  const control = new AbortController()
  const voting = chat.poll.vote({ poll: 'p', option: 1 }, { signal: control.signal })
  control.abort('changed my mind')
  const error = await t.throwsAsync(voting, { code: 'CLIENT_ABORTED' } as never)
  t.is((error as ClientError).cause, 'changed my mind')
  await t.throwsAsync(chat.poll.vote({ poll: 'p', option: 1 }, { signal: AbortSignal.abort() }), {
    code: 'CLIENT_ABORTED',
  } as never)
})

test('no more requests are under way than the server allows; the others wait their turn', async (t) => {
  const { chat, line } = await start(t)
  const calls = Array.from({ length: 40 }, () => chat.poll.tally({ poll: 'p' }))
  await settle()
  t.is(line.frames.length - 1, 16)
  line.serve(([, id]) => line.send('ok', id, {}))
  for (const [, id] of line.frames.slice(1)) line.send('ok', id, {})
  t.is((await Promise.all(calls)).length, 40)
})

test('an input larger than the server takes is refused here', async (t) => {
  const { chat } = await start(t)
  await t.throwsAsync(chat.poll.tally({ poll: 'x'.repeat(66_000) }), { code: 'NATTER_TOO_LARGE' } as never)
})

test('events of plugins reach their handlers until these are taken off', async (t) => {
  const { chat, line } = await start(t)
  const got: unknown[] = []
  const control = new AbortController()
  const off = chat.on('poll.changed', (tally) => got.push(['a', tally.counts]))
  chat.on('poll.changed', (tally) => got.push(['b', tally.counts]), { signal: control.signal })
  line.send('e', 'poll.changed', { poll: 'p', counts: [1] })
  await settle()
  off()
  line.send('e', 'poll.changed', { poll: 'p', counts: [2] })
  await settle()
  control.abort()
  line.send('e', 'poll.changed', { poll: 'p', counts: [3] })
  await settle()
  t.deepEqual(got, [
    ['a', [1]],
    ['b', [1]],
    ['b', [2]],
  ])
})

test('a plugin adds state and methods of its own', async (t) => {
  const bench = new Bench(t)
  const counting = clientPlugin<typeof contract>('poll', { vote: 1, create: 1, tally: 'idempotent' }).with(
    (api, options: { readonly from: number }) => {
      let count = options.from
      api.on('poll.changed', () => count++)
      const last = api.cell('none')
      const again = async () => last.set(JSON.stringify(await api.ask('poll.tally', { poll: 'again' })))
      return { count: () => count, url: api.url, ask: () => api.call('poll.tally', { poll: 'own' }), last, again }
    },
  )
  const chat = bench.client({ plugins: [counting({ from: 5 })] })
  const line = await admit(bench.wire, { plugins: { poll: 1 } })
  line.send('e', 'poll.changed', { poll: 'p', counts: [] })
  await settle()
  t.is(chat.poll.count(), 6)
  t.is(chat.poll.url, 'http://chat.test/chat')
  void chat.poll.ask().catch(() => {})
  t.deepEqual((await line.next('q')).slice(2, 4), ['poll.tally', { poll: 'own' }])
  const told = new Promise<void>((resolve) => chat.poll.last.subscribe(resolve))
  const asked = chat.poll.again()
  const [, first] = await line.next('q')
  line.send('no', first, { code: 'NATTER_BUSY', message: 'Busy.', retryable: true })
  await bench.clock.advance(30_000)
  const [, second] = await line.next('q')
  line.send('ok', second, { counts: [1] })
  await Promise.all([asked, told])
  t.is(chat.poll.last.get(), '{"counts":[1]}')
})

test('a handler that throws disturbs nobody, and its error is not swallowed', async (t) => {
  const { bench, chat, line } = await start(t)
  const got: unknown[] = []
  chat.on('poll.changed', () => {
    throw new Error('a bug in the app')
  })
  chat.on('poll.changed', () => got.push('second'))
  line.send('e', 'poll.changed', { poll: 'p', counts: [] })
  await settle()
  t.deepEqual(got, ['second'])
  t.is(chat.status.get().link, 'online')
  await t.throwsAsync(bench.clock.advance(0), { message: 'a bug in the app' })
})
