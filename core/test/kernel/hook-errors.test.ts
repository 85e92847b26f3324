import test from 'ava'
import { hook, messageHook } from '@natter/core/contract'
import { setUp, setupOf } from './harness.js'
import { refused } from './refused.js'

const idle = () => undefined
const opened = hook.notify<object>('door.opened')

test(
  'what is no hook is refused',
  refused,
  () => [setupOf('a', (api) => api.hook({ name: 'x' } as never, idle as never))],
  'NATTER_HOOK_UNKNOWN',
  "a registers a handler for an object, which is not a hook.\n  Import the hook's constant from the package that owns it.",
)
test(
  'a hook without a handler is refused',
  refused,
  () => [setupOf('a', (api) => api.hook(opened, undefined as never))],
  'NATTER_PLUGIN_INVALID',
  'a: the hook "door.opened" was given no function.\n  Give the function that answers it.',
)
test(
  'one name for hooks of two kinds is refused',
  refused,
  () => [
    setupOf('a', (api) => api.hook(opened, idle)),
    setupOf('b', (api) => api.hook(hook.veto<object>('door.opened'), idle)),
  ],
  'NATTER_HOOK_UNKNOWN',
  'b uses "door.opened" as a veto hook, and a uses it as a notify hook.\n' +
    '  Hooks are told apart by their names: give one of them another.',
)
test(
  'handlers ordered in a circle are shown',
  refused,
  () => [
    setupOf('a', (api) => api.hook(opened, idle, { before: ['b'] })),
    setupOf('b', (api) => api.hook(opened, idle, { before: ['c'] })),
    setupOf('c', (api) => api.hook(opened, idle, { before: ['a'] })),
  ],
  'NATTER_HOOK_CYCLE',
  'door.opened: the handlers are ordered in a circle: a before b before c before a.\n' +
    '  Take one "before" or "after" of this hook away.',
)
test(
  'an order that is no list is refused',
  refused,
  () => [setupOf('a', (api) => api.hook(opened, idle, { before: 'b' as never }))],
  'NATTER_PLUGIN_INVALID',
  'a: the order of its handler of "door.opened" is not of lists.\n  Write { before: [\'name\'] }.',
)

test('a hook that is run as another kind than it is handled is refused', async (t) => {
  const { kernel } = await setUp([setupOf('a', (api) => api.hook(opened, idle))])
  t.throws(() => kernel.run(hook.veto<object>('door.opened')), {
    code: 'NATTER_HOOK_UNKNOWN',
    message: /^"door\.opened" is run as a veto hook, and a uses it as a notify hook\./,
  })
  t.throws(() => kernel.runBody(messageHook<'veto', 'draft'>('veto', 'door.opened')), { code: 'NATTER_HOOK_UNKNOWN' })
})
