import test from 'ava'
import { isDenied } from '@natter/core/contract'
import { boom, change, knock, locked } from './door.js'
import type { Knock } from './door.js'
import { handlersOf, setUp } from './harness.js'

test('each transform works on the value of the one before', async (t) => {
  const { kernel } = await setUp(
    handlersOf(
      change,
      ({ at }: Knock) => ({ at: `${at}1` }),
      () => undefined,
      async ({ at }: Knock) => ({ at: `${at}2` }),
      async () => undefined,
      ({ at }: Knock) => ({ at: `${at}3` }),
    ),
  )
  t.deepEqual(await kernel.run(change)(knock, []), { at: 'front123' })
})

test('a denial ends a transform, at once and later', async (t) => {
  for (const refuse of [locked, async () => locked()]) {
    const { kernel } = await setUp(handlersOf(change, refuse, boom))
    t.true(isDenied(await kernel.run(change)(knock, [])))
  }
})

test('a transform that throws or rejects refuses', async (t) => {
  for (const fail of [boom, async () => boom()]) {
    const { kernel } = await setUp(handlersOf(change, fail))
    await t.throwsAsync(async () => kernel.run(change)(knock, []), {
      code: 'NATTER_HOOK_FAILED',
      message: 'door.change: p0 threw "boom"; the call was refused.',
    })
  }
})

test('a transform that returns something of another kind is told what to return', async (t) => {
  for (const value of [true, null, 'text']) {
    for (const answer of [() => value, async () => value]) {
      const { kernel } = await setUp(handlersOf(change, answer))
      await t.throwsAsync(async () => kernel.run(change)(knock, []), {
        code: 'NATTER_HOOK_FAILED',
        message: /^door\.change: p0 returned .+\n {2}Return a new value, deny\(error\), or nothing\.$/,
      })
    }
  }
})
