import test from 'ava'
import { isDenied } from '@natter/core/contract'
import { allow, knock, locked } from './door.js'
import type { Knock } from './door.js'
import { handlersOf, setUp, setupOf } from './harness.js'

test('a plugin runs a hook that it owns, also with handlers of plugins after it', async (t) => {
  let run: ((value: Knock, ctx: string[]) => unknown) | undefined
  const owner = setupOf('owner', (api) => {
    run = api.runner(allow)
  })
  await setUp([owner, ...handlersOf(allow, locked)])
  t.true(isDenied(run?.(knock, [])))
})

test('a hook that is run in setup says that it is too early', async (t) => {
  const eager = setupOf('eager', (api) => void api.runner(allow)(knock, []))
  await t.throwsAsync(setUp([eager]), {
    code: 'NATTER_SERVICE_UNREADY',
    message:
      'eager: The hook "message.door" was run during setup, before all handlers were known.\n  Run it from init on.',
  })
})
