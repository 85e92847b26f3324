import test from 'ava'
import { lackingDisk } from '#src/disks/lacking-disk.js'
import { runFaults } from './faults-program.js'

const lacking = await lackingDisk()
const title = '100 power cuts lose nothing that was acknowledged; without syncing they do'

if (lacking !== undefined) test.skip(`MISSING: ${title} (needs ${lacking})`, (t) => t.fail())
else
  test(title, async (t) => {
    t.timeout(400_000)
    const { code, stdout, stderr, json } = await runFaults(['--power-cuts', '100'])
    t.is(code, 0, stdout + stderr)
    const figures = json!.sections['power cuts']!
    t.like(figures, { cuts: 100, lost: 0, weak_cuts: 10 })
    t.true(Number(figures['acked']) > 1_000)
    t.true(Number(figures['weak_lost']) > 0)
    t.log(stdout.trim().split('\n').at(-2))
  })

test('what cannot run here is named, marked in the JSON, and fails where CI=true', async (t) => {
  t.timeout(120_000)
  const args = ['--power-cuts', '1']
  const here = await runFaults(args, { PATH: '/nowhere', CI: 'false' })
  t.is(here.code, 0, here.stdout + here.stderr)
  t.regex(here.stdout, /^not run: power cuts \(needs .+\)$/m)
  t.truthy(here.json?.notRun['power cuts'])
  const ci = await runFaults(args, { PATH: '/nowhere', CI: 'true' })
  t.is(ci.code, 1)
  t.regex(ci.stdout, /CI=true: that is a failure/)
})
