import test from 'ava'
import { runFaults } from './faults-program.js'

test('nobody receives what they may not read, in 500 random histories of 60 steps', async (t) => {
  t.timeout(600_000)
  const { code, stdout, stderr, json } = await runFaults(['--leaks', '500'])
  t.is(code, 0, stdout + stderr)
  const found = json!.sections['leaks']!
  t.is(found['histories'], 500)
  // Much was written, and much of what was asked was not theirs to have.
  t.true(Number(found['words']) > 5_000 && Number(found['refused']) > 5_000 && Number(found['frames']) > 25_000)
  t.true(Number(found['expired']) > 50, 'much disappeared at its time')
  t.log(stdout.trim().split('\n').at(-2))
})
