import test from 'ava'
import { lackingDisk } from '#src/disks/lacking-disk.js'
import { onServers } from './on-servers.js'
import { runFaults } from './faults-program.js'

/** As many as take some 20 s of a machine that is idle; a hundred run on demand. */
const cuts = 5
const title = (store: string) => `${store}: ${cuts} power cuts lose nothing that was acknowledged; a weaker server does`
const lacking = await lackingDisk()

if (lacking !== undefined)
  test.skip(`MISSING: ${title('postgres, mariadb, mongo')} (needs ${lacking})`, (t) => t.fail())
else
  onServers(test, ['postgres', 'mariadb', 'mongo'], title, async (t, store) => {
    const { code, stdout, stderr, json } = await runFaults(['--store', store, '--power-cuts', String(cuts)])
    t.is(code, 0, stdout + stderr)
    const figures = json!.sections['power cuts']!
    t.like(figures, { cuts, lost: 0, weak_cuts: cuts })
    t.true(Number(figures['acked']) > 100)
    t.true(Number(figures['weak_cuts_that_lost']) > cuts / 2, 'most cuts of the weaker one must lose')
    t.log(stdout.trim().split('\n').at(-2))
  })
