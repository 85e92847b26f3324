import test from 'ava'
import { setUp, setupOf } from './harness.js'
import { auth } from './plugins-like-ours.js'
import { refused } from './refused.js'

const idle = () => undefined

test(
  'the factory instead of the plugin is told to be called',
  refused,
  () => [auth],
  'NATTER_PLUGIN_INVALID',
  'plugins[0] is a function, not a plugin.\n  Call it: auth().',
)
test(
  'a function without a name is told to be called all the same',
  refused,
  () => [() => undefined],
  'NATTER_PLUGIN_INVALID',
  'plugins[0] is a function, not a plugin.\n  Call it: plugin().',
)
test(
  'what is no plugin is named by its place',
  refused,
  () => [setupOf('a'), undefined],
  'NATTER_PLUGIN_INVALID',
  'plugins[1] is undefined, not a plugin.\n  Make plugins with definePlugin({ … }).',
)
test(
  'a plugin listed twice is named',
  refused,
  () => [setupOf('a'), setupOf('a')],
  'NATTER_PLUGIN_TWICE',
  'a is listed twice.\n  Take one of them out of createChat({ plugins }).',
)
test(
  'a name that would not do in a path or in a command is refused',
  refused,
  () => [setupOf('My Plugin')],
  'NATTER_PLUGIN_INVALID',
  '"My Plugin" cannot name a plugin.\n  Use 1 to 32 of a-z, 0-9 and "-", beginning with a letter: "my-plugin".',
)
test(
  'the name of the core is refused',
  refused,
  () => [setupOf('core')],
  'NATTER_PLUGIN_INVALID',
  '"core" is taken by the core.\n  Use 1 to 32 of a-z, 0-9 and "-", beginning with a letter: "my-plugin".',
)
test(
  'a version that is none is refused',
  refused,
  () => [setupOf('a', idle, { version: 'one' })],
  'NATTER_PLUGIN_INVALID',
  'a: the version is "one".\n  Use a semantic version: "1.0.0".',
)
test(
  'a time-out that is no time is refused',
  refused,
  () => [setupOf('a', idle, { timeouts: { init: 0 } })],
  'NATTER_PLUGIN_INVALID',
  'a: timeouts.init is 0.\n  Give ms above 0 for init, start, ready, drain, stop, hook.',
)
test(
  'a time-out of no step is refused',
  refused,
  () => [setupOf('a', idle, { timeouts: { boot: 5 } })],
  'NATTER_PLUGIN_INVALID',
  'a: timeouts.boot is 5.\n  Give ms above 0 for init, start, ready, drain, stop, hook.',
)
test(
  'a need that is no token is named',
  refused,
  () => [setupOf('a', idle, { needs: { users: undefined } })],
  'NATTER_PLUGIN_INVALID',
  'a: "users" is undefined, not a token.\n' +
    "  Import the service's token from its contract; was it imported as a type only?",
)
test(
  'a config that is no schema is refused',
  refused,
  () => [setupOf('a', idle, { config: { max: 1 } })],
  'NATTER_PLUGIN_INVALID',
  'a: "config" is an object, not a schema.\n  Give a Standard Schema: z.object({ … }).',
)

test('plugins that are no list are refused', async (t) => {
  await t.throwsAsync(setUp({} as never), {
    code: 'NATTER_PLUGIN_INVALID',
    message: '"plugins" is an object.\n  Give a list: createChat({ plugins: [ … ] }).',
  })
})

test('names that the core has reserved are refused', async (t) => {
  await t.throwsAsync(setUp([setupOf('ws')], { reserved: ['ws'] }), {
    code: 'NATTER_PLUGIN_INVALID',
    message: /^"ws" is taken by the core\./,
  })
})
