import test from 'ava'
import { runFaults } from './faults-program.js'

test('500 sockets that stop reading are closed, memory stays bounded, and the others notice nothing', async (t) => {
  t.timeout(300_000)
  const { code, stdout, stderr, json } = await runFaults(['--slow-consumers', '500'])
  t.is(code, 0, stdout + stderr)
  t.like(json?.sections['slow consumers'], { stalled: 500, closed: 500 })
  t.true(Number(json?.sections['slow consumers']?.['live_messages']) > 0)
  t.log(stdout.trim().split('\n').at(-2))
})

test('jumps of the clock by days change neither order nor what is recognised as a retry', async (t) => {
  t.timeout(300_000)
  const { code, stdout, stderr, json } = await runFaults(['--clock-jumps'])
  t.is(code, 0, stdout + stderr)
  t.true(Number(json?.sections['clock jumps']?.['jumps']) >= 10)
  t.true(json!.acked > 100)
})

test('when an old backup is put back, every device takes back what the store no longer has', async (t) => {
  t.timeout(300_000)
  const { code, stdout, stderr, json } = await runFaults(['--restored-store'])
  t.is(code, 0, stdout + stderr)
  t.true(Number(json?.sections['restored store']?.['taken_back']) > 0)
})
