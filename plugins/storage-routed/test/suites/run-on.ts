import test from 'ava'
import { findServer, serverNames } from '@natter/servers'
import { stores } from './stores.js'
import type { StoreName } from './stores.js'
import { stops } from './stops.js'

const root = new URL('../../../../../', import.meta.url)
/** The suites: those of `offline` and of an example whole, of `auth` those in which rows are the matter. */
const suites = {
  offline: [
    'plugins/offline',
    [
      'client',
      'foreign',
      'messages',
      'pulls',
      'settings',
      'shelf',
      'convergence',
      'private-read',
      'own',
      'mentions',
      'read-by',
    ],
  ],
  friends: ['plugins/friends', ['list', 'races', 'time', 'relations']],
  groups: ['plugins/groups', ['pictures', 'races', 'transitions']],
  actions: ['plugins/actions', ['converge', 'edits', 'expiring', 'gone', 'marks', 'polls', 'races', 'scheduled']],
  search: ['plugins/search', ['alone', 'find', 'gone', 'hostile', 'people', 'permissions']],
  equivalence: ['plugins/storage-routed', ['equivalence/equivalence']],
  'plugin-echo': ['examples/plugin-echo', ['client', 'echo']],
  auth: ['plugins/auth', ['account', 'devices', 'handles', 'recovery', 'refresh']],
} as const satisfies Record<string, readonly [string, readonly string[]]>

/**
 * Registers the tests of a package's files as tests of the file that calls, whose name says the store; what they do not give
 * a storage of their own runs on that one. Without its server, one skipped test says so.
 */
export async function runOn(store: StoreName, suite: keyof typeof suites): Promise<void> {
  for (const kind of stores[store]) {
    const server = await findServer(kind)
    if ('missing' in server) {
      test.skip(`MISSING: ${server.missing}, for the suite of ${suite} on ${store}`, (t) => t.fail())
      return
    }
    process.env[serverNames[kind].variable] = server.url
    stops.push(() => server.stop())
  }
  process.env['TEST_STORAGE'] = new URL(`./test-storage.js?store=${store}`, import.meta.url).href
  const [folder, files] = suites[suite]
  const tests = files.map((file) => new URL(`${folder}/build/test/${file}.test.js`, root).href)
  const urls = [new URL('./stop-behind.js', import.meta.url).href, ...tests]
  // in one go: AVA takes no tests once those of an earlier turn have begun
  await import(`data:text/javascript,${encodeURIComponent(urls.map((url) => `import '${url}'`).join('\n'))}`)
}
