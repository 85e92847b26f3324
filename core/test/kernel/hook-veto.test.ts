import test from 'ava'
import { deny, isDenied } from '@natter/core/contract'
import type { Denied } from '@natter/core/contract'
import { DoorErrors, allow, boom, knock, locked } from './door.js'
import { handlersOf, setUp } from './harness.js'

test('the first denial ends a veto; handlers after it are not asked', async (t) => {
  let asked = false
  const { kernel } = await setUp(
    handlersOf(
      allow,
      () => undefined,
      locked,
      () => {
        asked = true
      },
    ),
  )
  const answer = kernel.run(allow)(knock, []) as Denied
  t.is(answer.error.code, 'DOOR_LOCKED')
  t.false(asked)
})

test('a late denial ends a veto too', async (t) => {
  let asked = false
  const { kernel } = await setUp(
    handlersOf(
      allow,
      async () => locked(),
      () => {
        asked = true
      },
    ),
  )
  t.true(isDenied(await kernel.run(allow)(knock, [])))
  t.false(asked)
})

test('a veto that throws refuses, and names hook, plugin and cause', async (t) => {
  const { kernel } = await setUp(handlersOf(allow, boom))
  const error = t.throws(() => kernel.run(allow)(knock, []), {
    code: 'NATTER_HOOK_FAILED',
    message: 'message.door: p0 threw "boom"; the message was refused.',
  })
  t.is((error as { cause?: Error } | undefined)?.cause?.message, 'boom')
})

test('a veto that rejects refuses, and names hook, plugin and cause', async (t) => {
  const { kernel } = await setUp(handlersOf(allow, async () => boom()))
  const error = await t.throwsAsync(async () => kernel.run(allow)(knock, []), {
    code: 'NATTER_HOOK_FAILED',
    message: 'message.door: p0 threw "boom"; the message was refused.',
  })
  t.is((error.cause as Error).message, 'boom')
})

test('even a declared error is a fault when it is thrown: a denial is returned', async (t) => {
  const { kernel } = await setUp(
    handlersOf(allow, () => {
      throw DoorErrors.LOCKED()
    }),
  )
  t.throws(() => kernel.run(allow)(knock, []), {
    code: 'NATTER_HOOK_FAILED',
    message: 'message.door: p0 threw "The door is locked."; the message was refused.',
  })
})

for (const [what, value, kind] of [
  ['true', true, 'true'],
  ['false', false, 'false'],
  ['null', null, 'null'],
  ['a string', 'DOOR_LOCKED', 'a string'],
  ['an error that is not denied with', DoorErrors.LOCKED(), 'an error'],
] as const) {
  for (const late of [false, true]) {
    test(`a veto that returns ${what}${late ? ' later' : ''} refuses and is told what to return`, async (t) => {
      const { kernel } = await setUp(handlersOf(allow, () => (late ? Promise.resolve(value) : value)))
      await t.throwsAsync(async () => kernel.run(allow)(knock, []), {
        code: 'NATTER_HOOK_FAILED',
        message: `message.door: p0 returned ${kind}; the message was refused.\n  Return deny(error), or nothing.`,
      })
    })
  }
}

test('a denial with a string is a fault', async (t) => {
  const { kernel } = await setUp(handlersOf(allow, () => deny('LOCKED' as never)))
  t.throws(() => kernel.run(allow)(knock, []), {
    code: 'NATTER_HOOK_FAILED',
    message:
      'message.door: p0 returned an object; the message was refused.\n' +
      '  Return deny(error) with a declared error, not with a string.',
  })
})
