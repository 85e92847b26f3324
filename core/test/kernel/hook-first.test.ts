import test from 'ava'
import { deny, isDenied } from '@natter/core/contract'
import { boom, change, find, knock, locked } from './door.js'
import { handlersOf, setUp } from './harness.js'

test('the first answer wins, also null; nobody after it is asked', async (t) => {
  for (const answer of [() => null, async () => null]) {
    const { kernel } = await setUp(
      handlersOf(
        find,
        () => undefined,
        async () => undefined,
        answer,
        boom,
      ),
    )
    t.is(await kernel.run(find)(knock, []), null)
  }
})

test('a denial is an answer', async (t) => {
  const { kernel } = await setUp(handlersOf(find, locked, boom))
  t.true(isDenied(kernel.run(find)(knock, [])))
})

test('without an answer there is none', async (t) => {
  const { kernel } = await setUp(handlersOf(find, async () => undefined))
  t.is(await kernel.run(find)(knock, []), undefined)
})

test('a handler of first that throws or rejects refuses; the next is not asked instead', async (t) => {
  for (const fail of [boom, async () => boom()]) {
    const { kernel } = await setUp(handlersOf(find, fail, () => 'found'))
    await t.throwsAsync(async () => kernel.run(find)(knock, []), {
      code: 'NATTER_HOOK_FAILED',
      message: 'connection.find: p0 threw "boom"; the connection was refused.',
    })
  }
})

test('a denial with a string is a fault for first and transform too', async (t) => {
  for (const which of [find, change]) {
    const { kernel } = await setUp(handlersOf(which, async () => deny('LOCKED' as never)))
    await t.throwsAsync(async () => kernel.run(which)(knock, []), {
      code: 'NATTER_HOOK_FAILED',
      message: /with a string/,
    })
  }
})
