import test from 'ava'
import { runFaults } from './faults-program.js'

test('40 kills: what was acknowledged is there, once, in order, for everybody', async (t) => {
  t.timeout(300_000)
  const { code, stdout, stderr, json } = await runFaults(['--kills', '40'])
  t.is(code, 0, stdout + stderr)
  t.like(json, { store: 'sqlite', kills: 40, lost: 0, duplicated: 0, gaps: 0, ok: true, violations: [] })
  t.true(json!.acked >= 400, `only ${json!.acked} messages were acknowledged`)
  t.log(stdout.trim().split('\n').at(-2))
})
