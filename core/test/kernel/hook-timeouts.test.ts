import test from 'ava'
import { allow, change, find, gather, knock } from './door.js'
import { deferred, handlersOf, never, setUp, setupOf } from './harness.js'

for (const which of [allow, change, find, gather]) {
  test(`a handler of ${which.run} that never answers refuses when its time is over, and not before`, async (t) => {
    const { kernel, clock } = await setUp(handlersOf(which, never))
    let settled = false
    const answer = Promise.resolve(kernel.run(which)(knock, [])).finally(() => {
      settled = true
    })
    const failure = t.throwsAsync(answer, {
      code: 'NATTER_HOOK_TIMEOUT',
      message: /: p0 did not answer within 5 s; the (?:message|connection|call) was refused\.$/,
    })
    await clock.advance(4_999)
    t.false(settled)
    await clock.advance(1)
    await failure
  })
}

test('no timer is set for synchronous handlers, one for all that are waited for, and none once nobody is', async (t) => {
  const gate = deferred<undefined>()
  const { kernel, clock } = await setUp([
    ...handlersOf(
      allow,
      () => undefined,
      () => gate.promise,
    ),
    setupOf('other', (api) => api.hook(change, (value) => value)),
  ])
  t.is(kernel.run(change)(knock, []), knock)
  t.is(clock.waiting, 0)
  const answers = [1, 2, 3].map(async () => kernel.run(allow)(knock, []))
  t.is(clock.waiting, 1)
  gate.resolve(undefined)
  await Promise.all(answers)
  await clock.advance(5_000)
  t.is(clock.waiting, 0)
})

test('of many that are waited for each has its own time, whoever answers in between', async (t) => {
  const gates = Array.from({ length: 4 }, () => deferred<undefined>())
  const seen: string[] = []
  let asked = 0
  const { kernel, clock } = await setUp(handlersOf(allow, () => gates[asked++]?.promise))
  const ask = (name: string) => {
    const told = (outcome: string) => () => void seen.push(`${name} ${outcome} at ${clock.monotonic()}`)
    void Promise.resolve(kernel.run(allow)(knock, [])).then(told('answered'), told('too late'))
  }
  ask('first')
  await clock.advance(1_000)
  ask('second')
  await clock.advance(1_000)
  ask('third')
  ask('fourth')
  gates[1]?.resolve(undefined)
  await clock.advance(4_000)
  gates[2]?.resolve(undefined)
  await clock.advance(10_000)
  t.deepEqual(seen, [
    'second answered at 2000',
    'first too late at 5000',
    'third answered at 6000',
    'fourth too late at 7000',
  ])
  t.is(clock.waiting, 0)
})

test('an answer after the time-out changes nothing', async (t) => {
  const gates = [deferred<undefined>(), deferred<undefined>()]
  let asked = 0
  const { kernel, clock } = await setUp(handlersOf(allow, () => gates[asked++]?.promise))
  const late = t.throwsAsync(async () => kernel.run(allow)(knock, []), { code: 'NATTER_HOOK_TIMEOUT' })
  await clock.advance(3_000)
  const next = kernel.run(allow)(knock, [])
  await clock.advance(2_000)
  await late
  gates[0]?.resolve(undefined)
  await clock.advance(1_000)
  gates[1]?.resolve(undefined)
  t.is(await next, undefined)
})

test('each plugin’s own time-out counts for its handlers, over that of the chat', async (t) => {
  const own = setupOf('patient', (api) => api.hook(allow, never), { timeouts: { hook: 60_000 } })
  const { kernel, clock } = await setUp([own, ...handlersOf(change, never)], { timeouts: { hook: 1_500 } })
  const patient = t.throwsAsync(async () => kernel.run(allow)(knock, []), { message: /within 60 s/ })
  const other = t.throwsAsync(async () => kernel.run(change)(knock, []), { message: /within 1\.5 s/ })
  await clock.advance(60_000)
  await Promise.all([patient, other])
})

test('a thenable of another library is waited for', async (t) => {
  const thenable = { then: (resolve: (value: undefined) => void) => resolve(undefined) }
  const { kernel } = await setUp(handlersOf(allow, () => thenable))
  t.is(await kernel.run(allow)(knock, []), undefined)
})
