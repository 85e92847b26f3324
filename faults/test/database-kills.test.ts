import test from 'ava'
import { onServers } from './on-servers.js'
import type { ServerStore } from './on-servers.js'
import { runFaults } from './faults-program.js'

/** Kills of the server; fewer where each of the databases is tried alone too. */
const kills: Readonly<Record<ServerStore, number>> = { postgres: 10, mariadb: 10, mongo: 10, combined: 5 }
const stores = Object.keys(kills) as readonly ServerStore[]

onServers(
  test,
  stores,
  (store) =>
    `${store}: ${kills[store]} kills of the server and 4 of the database: what was acknowledged is there, once, in order`,
  async (t, store) => {
    const replicated = store === 'mongo' || store === 'combined'
    const failovers = replicated ? ['--failovers', '2'] : []
    const args = ['--store', store, '--kills', String(kills[store]), '--database-kills', '4', ...failovers]
    const { code, stdout, stderr, json } = await runFaults(args)
    t.is(code, 0, stdout + stderr)
    t.like(json, { store, kills: kills[store], lost: 0, duplicated: 0, gaps: 0, ok: true, violations: [], notRun: {} })
    const { 'database kills': database, failovers: members } = json!.sections
    t.is(database?.['database_kills'], 4)
    t.true(Number(database?.['network_faults']) >= 4)
    t.is(members?.['failovers'], replicated ? 2 : undefined)
    // MongoDB alone takes no part in a transaction of the host.
    if (store !== 'mongo') t.true(Number(database?.['orders']) > 0)
    t.true(json!.acked >= 20 * kills[store], `only ${json!.acked} messages were acknowledged`)
    t.log(
      ...stdout
        .trim()
        .split('\n')
        .filter((line) => line.includes(' acked, ')),
    )
  },
)

test('a database that is not there is named, marked in the JSON, and fails where CI=true', async (t) => {
  t.timeout(120_000)
  const args = ['--store', 'postgres', '--database-kills', '1']
  const missing = { TEST_POSTGRES_URL: `missing:${encodeURIComponent('not for this test')}` }
  const here = await runFaults(args, { ...missing, CI: 'false' })
  t.is(here.code, 0, here.stdout + here.stderr)
  t.regex(here.stdout, /^not run: database kills \(needs PostgreSQL: not for this test\)$/m)
  t.truthy(here.json?.notRun['database kills'])
  const ci = await runFaults(args, { ...missing, CI: 'true' })
  t.is(ci.code, 1)
})
