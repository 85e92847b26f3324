import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { InProcessBus } from '#src/services/in-process-bus.js'

function rig() {
  const clock = new FakeClock()
  const errors: unknown[] = []
  const hub = new InProcessBus({ clock, onError: (error, subject) => errors.push([subject, error]) })
  return { clock, errors, hub }
}

test('a node hears the others and not itself, and not within the call', async (t) => {
  const { hub, clock } = rig()
  const [a, b, c] = [hub.node(), hub.node(), hub.node()]
  const seen: string[] = []
  for (const [name, node] of Object.entries({ a, b, c }))
    node.subscribe('x', (frame) => void seen.push(`${name} ${String(frame)}`))
  a.publish('x', 1)
  t.deepEqual(seen, [])
  await clock.advance(0)
  t.deepEqual(seen, ['b 1', 'c 1'])
})

test('a single node has nobody to talk to; with a second one it has', (t) => {
  const { hub } = rig()
  const one = hub.node()
  t.false(one.remote)
  hub.node()
  t.true(one.remote)
})

test('subjects are told apart, and who has left hears nothing', async (t) => {
  const { hub, clock } = rig()
  const [a, b] = [hub.node(), hub.node()]
  const seen: unknown[] = []
  const leave = b.subscribe('x', (frame) => void seen.push(frame))
  a.publish('y', 'other')
  a.publish('x', 1)
  await clock.advance(0)
  leave()
  leave()
  a.publish('x', 2)
  await clock.advance(0)
  t.deepEqual(seen, [1])
})

test('a subscriber that throws or rejects is reported, and the others hear all the same', async (t) => {
  const { hub, clock, errors } = rig()
  const [a, b] = [hub.node(), hub.node()]
  const seen: unknown[] = []
  const boom = new Error('boom')
  b.subscribe('x', () => {
    throw boom
  })
  b.subscribe('x', async () => Promise.reject(boom))
  b.subscribe('x', (frame) => void seen.push(frame))
  a.publish('x', 1)
  await clock.advance(0)
  t.deepEqual(seen, [1])
  t.deepEqual(errors, [
    ['x', boom],
    ['x', boom],
  ])
})

test('a request is answered by the first subscriber that returns something, also later', async (t) => {
  const { hub } = rig()
  const [a, b] = [hub.node(), hub.node()]
  b.subscribe('x', () => undefined)
  b.subscribe('x', async (frame) => `answer to ${String(frame)}`)
  t.is(await a.request('x', 'you', { timeoutMs: 10 }), 'answer to you')
})

test('a request that nobody answers is refused at once', async (t) => {
  const { hub } = rig()
  const a = hub.node()
  a.subscribe('x', () => 'to itself')
  await t.throwsAsync(a.request('x', 1, { timeoutMs: 10 }), {
    code: 'NATTER_TIMEOUT',
    message: 'No other node answers "x".',
  })
})

test('a request that is answered too late is refused, and leaves no timer', async (t) => {
  const { hub, clock } = rig()
  const [a, b] = [hub.node(), hub.node()]
  b.subscribe('x', () => new Promise(() => undefined))
  b.subscribe('y', async () => 'in time')
  const late = t.throwsAsync(a.request('x', 1, { timeoutMs: 10 }), {
    code: 'NATTER_TIMEOUT',
    message: 'No answer to "x" within 10 ms.',
  })
  await clock.advance(10)
  await late
  t.is(await a.request('y', 1, { timeoutMs: 10 }), 'in time')
  t.is(clock.waiting, 0)
})

test('what a subscriber rejects with reaches who asked', async (t) => {
  const { hub } = rig()
  const [a, b] = [hub.node(), hub.node()]
  b.subscribe('x', async () => Promise.reject(new Error('boom')))
  await t.throwsAsync(a.request('x', 1, { timeoutMs: 10 }), { message: 'boom' })
})

test('of many that want a lease one gets it, until it is given back or its time is over', async (t) => {
  const { hub, clock } = rig()
  const [a, b] = [hub.node(), hub.node()]
  const lease = await a.lease('k', 100)
  t.truthy(lease)
  t.is(await b.lease('k', 100), undefined)
  t.truthy(await b.lease('other', 100))
  await clock.advance(99)
  t.true(await lease?.renew())
  await clock.advance(99)
  t.is(await b.lease('k', 100), undefined)
  await clock.advance(1)
  const next = await b.lease('k', 100)
  t.truthy(next)
  t.false(await lease?.renew())
  await lease?.release()
  t.is(await a.lease('k', 100), undefined)
  await next?.release()
  t.truthy(await a.lease('k', 100))
})

test('flush resolves, and nothing is ever interrupted', async (t) => {
  const { hub } = rig()
  const node = hub.node()
  await node.flush()
  t.notThrows(node.onEpochBump(() => t.fail()))
})
