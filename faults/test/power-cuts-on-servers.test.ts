import test from 'ava'
import { cutPower } from '#src/power-cuts/cutter.js'
import { onServers } from './on-servers.js'
import { runFaults } from './faults-program.js'

/** As many as take some 20 s of a machine that is idle; a hundred run on demand. */
const cuts = 5
const title = (store: string) => `${store}: ${cuts} power cuts lose nothing that was acknowledged; a weaker server does`
const probe = await cutPower({ store: 'sqlite', seed: 'probe', cuts: 1 }, () => undefined)

if ('lacking' in probe)
  test.skip(`MISSING: ${title('postgres, mariadb, mongo')} (needs ${probe.lacking})`, (t) => t.fail())
else
  await onServers(test, title, async (t, store) => {
    const { code, stdout, stderr, json } = await runFaults(['--store', store, '--power-cuts', String(cuts)])
    t.is(code, 0, stdout + stderr)
    const figures = json!.sections['power cuts']!
    t.like(figures, { cuts, lost: 0, weak_cuts: cuts })
    t.true(Number(figures['acked']) > 100)
    t.true(Number(figures['weak_cuts_that_lost']) > cuts / 2, 'most cuts of the weaker one must lose')
    t.log(stdout.trim().split('\n').at(-2))
  })
