import test from 'ava'
import { field, model, token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'
import { setUp, setupOf } from './harness.js'
import { refused } from './refused.js'

const Users: Token<object, 'users'> = token('users').of()
const Storage: Token<object, 'storage'> = token('storage').of()
const Mail: Token<object, 'mail'> = token('mail').of()
const idle = () => undefined
const provider = (name: string, service: Token) =>
  setupOf(name, (api) => api.provide(service, () => ({})), { provides: [service] })
const row = model('row', { fields: { id: field.id() }, key: ['id'] })

test(
  'a missing need names plugin and service, and who usually provides it',
  refused,
  () => [setupOf('friends', idle, { needs: { users: Users } })],
  'NATTER_NEED_MISSING',
  'friends needs the service "users", and no plugin provides it.\n' +
    '  Add auth() or hostIdentity() to createChat({ plugins }).',
)
test(
  'a missing store names what to add',
  refused,
  () => [setupOf('offline', idle, { needs: { storage: Storage } })],
  'NATTER_NEED_MISSING',
  'offline needs the service "storage", and no plugin provides it.\n' +
    "  Add storageSql({ url: 'sqlite:data/chat.db' }) to createChat({ plugins }).",
)
test(
  'a missing need that nobody knows names the service',
  refused,
  () => [setupOf('news', idle, { needs: { mail: Mail } })],
  'NATTER_NEED_MISSING',
  'news needs the service "mail", and no plugin provides it.\n' +
    '  Add a plugin that provides "mail" to createChat({ plugins }).',
)
test(
  'a service that two plugins provide names both',
  refused,
  () => [provider('a', Mail), provider('b', Mail)],
  'NATTER_PROVIDED_TWICE',
  'a and b both provide the service "mail".\n  Keep one of them.',
)
test(
  'a promised service that is not provided is named',
  refused,
  () => [setupOf('a', idle, { provides: [Mail] })],
  'NATTER_NOT_PROVIDED',
  'a promises the service "mail" and did not provide it.\n' +
    '  Call api.provide(…) in its setup, or take it out of "provides".',
)
test(
  'a provided service that was not promised is named',
  refused,
  () => [setupOf('a', (api) => api.provide(Mail, () => ({})))],
  'NATTER_NOT_PROVIDED',
  'a provides the service "mail", which its definition does not name.\n  Add the token to its "provides".',
)
test(
  'a service provided twice by one plugin is named',
  refused,
  () => [
    setupOf(
      'a',
      (api) => {
        api.provide(Mail, () => ({}))
        api.provide(Mail, () => ({}))
      },
      { provides: [Mail] },
    ),
  ],
  'NATTER_REGISTERED_TWICE',
  'a registers the service "mail" twice.\n  Take one of them away.',
)
test(
  'plugins that need each other are shown as a circle, without those outside of it',
  refused,
  () => {
    const ring = (name: string, needs: Token, provides: Token) =>
      setupOf(name, (api) => api.provide(provides, () => ({})), { needs: { needs }, provides: [provides] })
    return [setupOf('outside', idle, { needs: { mail: Mail } }), ring('a', Users, Mail), ring('b', Mail, Users)]
  },
  'NATTER_PLUGIN_CYCLE',
  'Plugins need each other in a circle: a needs "users" of b, b needs "mail" of a.\n' +
    '  Turn one of these needs into a hook that the other plugin offers.',
)
test(
  'a plugin that needs its own service is a circle of one',
  refused,
  () => [setupOf('a', (api) => api.provide(Mail, () => ({})), { needs: { mail: Mail }, provides: [Mail] })],
  'NATTER_PLUGIN_CYCLE',
  'Plugins need each other in a circle: a needs "mail" of a.\n' +
    '  Turn one of these needs into a hook that the other plugin offers.',
)
test(
  'a wish can close a circle too',
  refused,
  () => [
    setupOf('a', (api) => api.provide(Mail, () => ({})), { wants: { users: Users }, provides: [Mail] }),
    setupOf('b', (api) => api.provide(Users, () => ({})), { needs: { mail: Mail }, provides: [Users] }),
  ],
  'NATTER_PLUGIN_CYCLE',
  'Plugins need each other in a circle: a needs "users" of b, b needs "mail" of a.\n' +
    '  Turn one of these needs into a hook that the other plugin offers.',
)
test(
  'models without a store name the plugin',
  refused,
  () => [setupOf('poll', idle, { models: [row] })],
  'NATTER_STORAGE_MISSING',
  "poll keeps data, and no plugin provides storage.\n  Add storageSql({ url: 'sqlite:data/chat.db' }) to createChat({ plugins }).",
)
test(
  'a key space without a store names the plugin',
  refused,
  () => [setupOf('poll', (api) => void api.kv('seen'))],
  'NATTER_STORAGE_MISSING',
  "poll keeps data, and no plugin provides storage.\n  Add storageSql({ url: 'sqlite:data/chat.db' }) to createChat({ plugins }).",
)

test('a service that the core provides is not a plugin’s to provide', async (t) => {
  await t.throwsAsync(setUp([provider('a', Mail)], { core: [[Mail, {}]] }), {
    code: 'NATTER_PROVIDED_TWICE',
    message: 'the core and a both provide the service "mail".\n  Keep one of them.',
  })
})

test('a service of the host’s container is not a plugin’s to provide', async (t) => {
  await t.throwsAsync(setUp([provider('a', Mail)], { host: [[Mail, () => ({})]] }), {
    code: 'NATTER_PROVIDED_TWICE',
    message: 'the host\'s container and a both provide the service "mail".\n  Keep one of them.',
  })
})
