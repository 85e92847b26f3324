import test from 'ava'
import { boom, gather, knock } from './door.js'
import { deferred, handlersOf, never, setUp } from './harness.js'

test('lists are joined in the order of the handlers, not of their answers', async (t) => {
  const slow = deferred<string[]>()
  const { kernel } = await setUp(
    handlersOf(
      gather,
      () => slow.promise,
      () => ['b', 'c'],
      async () => ['d'],
    ),
  )
  const all = kernel.run(gather)(knock, [])
  slow.resolve(['a'])
  t.deepEqual(await all, ['a', 'b', 'c', 'd'])
})

test('collect asks all at once', async (t) => {
  const asked: number[] = []
  const gate = deferred<string[]>()
  const { kernel } = await setUp(
    handlersOf(
      gather,
      () => (asked.push(0), gate.promise),
      () => (asked.push(1), gate.promise),
    ),
  )
  const all = kernel.run(gather)(knock, [])
  t.deepEqual(asked, [0, 1])
  gate.resolve([])
  await all
})

test('items that are lists stay lists', async (t) => {
  const { kernel } = await setUp(handlersOf(gather, () => [['a', 1]]))
  t.deepEqual<unknown, unknown>(kernel.run(gather)(knock, []), [['a', 1]])
})

test('a collect handler that throws or rejects refuses, also while others are under way', async (t) => {
  for (const fail of [boom, async () => boom()]) {
    for (const other of [() => [], never, () => Promise.reject(new Error('the other'))]) {
      const { kernel } = await setUp(handlersOf(gather, other, fail, other))
      await t.throwsAsync(async () => kernel.run(gather)(knock, []), { code: 'NATTER_HOOK_FAILED' })
    }
  }
})

test('a collect handler that returns no list is told to', async (t) => {
  for (const answer of [() => undefined, async () => 'one']) {
    const { kernel } = await setUp(handlersOf(gather, answer))
    await t.throwsAsync(async () => kernel.run(gather)(knock, []), {
      code: 'NATTER_HOOK_FAILED',
      message: /^door\.gather: p0 returned .+\n {2}Return a list; an empty one for nothing\.$/,
    })
  }
})
