import test from 'ava'
import { hook } from '@natter/core/contract'
import { allow, change, find, gather, knock, tell } from './door.js'
import type { Knock } from './door.js'
import { deferred, handlersOf, setUp, setupOf } from './harness.js'

test('a chain of synchronous handlers answers without a promise, whatever its kind', async (t) => {
  const sync = (at: Knock) => at
  const { kernel } = await setUp([
    ...[0, 1, 2].map((i) =>
      setupOf(`p${i}`, (api) => {
        api.hook(allow, () => undefined)
        api.hook(change, sync)
        api.hook(find, () => (i === 2 ? 'found' : undefined))
        api.hook(gather, () => [`${i}`])
        api.hook(tell, () => undefined)
      }),
    ),
  ])
  t.is(kernel.run(allow)(knock, []), undefined)
  t.is(kernel.run(change)(knock, []), knock)
  t.is(kernel.run(find)(knock, []), 'found')
  t.deepEqual(kernel.run(gather)(knock, []), ['0', '1', '2'])
  t.is(kernel.run(tell)(knock, []), undefined)
})

test('handlers before the first promise have run when the call returns, those after it have not', async (t) => {
  const gate = deferred<undefined>()
  const seen: string[] = []
  const { kernel } = await setUp(
    handlersOf(
      allow,
      () => void seen.push('first'),
      () => gate.promise,
      () => void seen.push('third'),
    ),
  )
  const answer = kernel.run(allow)(knock, [])
  t.true(answer instanceof Promise)
  t.deepEqual(seen, ['first'])
  gate.resolve(undefined)
  t.is(await answer, undefined)
  t.deepEqual(seen, ['first', 'third'])
})

test('an unused hook answers at once, and the kernel says that nobody uses it', async (t) => {
  const { kernel } = await setUp([setupOf('a')])
  t.false(kernel.uses(allow))
  t.is(kernel.run(allow)(knock, []), undefined)
  t.is(kernel.run(change)(knock, []), knock)
  t.is(kernel.run(find)(knock, []), undefined)
  t.deepEqual(kernel.run(gather)(knock, []), [])
  t.is(kernel.run(tell)(knock, []), undefined)
})

test('an unused hook costs no object: all of them are run by the same functions', async (t) => {
  const { kernel } = await setUp([setupOf('a')])
  t.is<unknown, unknown>(kernel.run(allow), kernel.run(hook.veto<object>('other.veto')))
  t.is(kernel.run(gather)(knock, []), kernel.run(gather)(knock, []))
})

test('a hook is compiled once, however often it is asked for', async (t) => {
  const { kernel } = await setUp(handlersOf(allow, () => undefined))
  t.true(kernel.uses(allow))
  t.is(kernel.run(allow), kernel.run(allow))
})

test('handlers get the value and the context', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp(handlersOf(allow, (value: Knock, ctx: string[]) => void ctx.push(value.at)))
  await kernel.run(allow)(knock, seen)
  t.deepEqual(seen, ['front'])
})
