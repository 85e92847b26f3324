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

test('no timer is set for synchronous handlers, and none is left behind by those that answered', async (t) => {
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
  const answer = kernel.run(allow)(knock, [])
  t.is(clock.waiting, 1)
  gate.resolve(undefined)
  await answer
  t.is(clock.waiting, 0)
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
