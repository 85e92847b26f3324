import test from 'ava'
import { command, hook, route, token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'
import type { PluginApi } from '#src/kernel/plugin.js'
import { setUp, setupOf } from './harness.js'
import { anything } from './schemas.js'

const Mail: Token<object, 'mail'> = token('mail').of()
const idle = () => undefined
const opened = hook.notify<object>('door.opened')

for (const [what, register] of [
  [
    'the command "late.say"',
    (api) => api.command(command('late.say', { input: anything, output: anything }) as never, idle as never),
  ],
  ['the route GET /x', (api) => api.route(route('late.x', { method: 'GET', path: '/x', summary: '' }), idle as never)],
  ['a handler of the hook "door.opened"', (api) => api.hook(opened, idle)],
  ['the service "mail"', (api) => api.provide(Mail, () => ({}))],
  ['the slot "seen"', (api) => api.slot('seen')],
  ['the key space "seen"', (api) => api.kv('seen')],
] satisfies [string, (api: PluginApi) => unknown][]) {
  test(`${what} cannot be registered after setup`, async (t) => {
    const plugin = setupOf('late', (api) => ({ init: () => void register(api) }))
    const { kernel } = await setUp([plugin])
    await t.throwsAsync(kernel.boot(), {
      code: 'NATTER_REGISTERED_LATE',
      message: `late registers ${what} after its setup.\n  Register everything in setup; from init on, only use it.`,
    })
  })
}
