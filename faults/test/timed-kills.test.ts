import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { StoreName } from '#src/process/stores.js'
import { onServers } from './on-servers.js'
import { runFaults } from './faults-program.js'

const title = (store: StoreName, kills: number) =>
  `${store}: ${kills} kills while messages are due: each is sent once unless it was called off, and each that disappears is gone, once`

async function killed(t: ExecutionContext, store: StoreName, kills: number): Promise<void> {
  t.timeout(600_000)
  const { code, stdout, stderr, json } = await runFaults(['--store', store, '--timed-kills', String(kills)])
  t.is(code, 0, stdout + stderr)
  t.like(json, { store, lost: 0, duplicated: 0, ok: true, violations: [], notRun: {} })
  const figures = json!.sections['timed kills']
  t.is(figures?.['kills'], kills)
  for (const what of ['planned', 'sent', 'passing', 'expired']) t.true(Number(figures?.[what]) >= kills, what)
  t.log(stdout.trim().split('\n').at(-2))
}

test.serial(title('sqlite', 8), (t) => killed(t, 'sqlite', 8))
onServers(
  test,
  ['postgres', 'mongo'],
  (store) => title(store, 4),
  (t, store) => killed(t, store, 4),
)
