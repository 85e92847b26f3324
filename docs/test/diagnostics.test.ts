import test from 'ava'
import { offline } from '@natter/offline'
import { createTestChat } from '@natter/testkit'
import { tellSlowCalls } from './slow-calls.js'

test('the sample of docs/operations.md tells of store calls, until it is stopped', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const alice = await device('alice')
  const told: string[] = []
  const stop = tellSlowCalls(0, (line) => told.push(line))
  await alice.message({ user: 'bob' }, { text: 'hello' })
  t.true(
    told.some((line) => /^log\.append {2}took \d+\.\d ms$/.test(line)),
    told.join('\n'),
  )
  stop()
  const before = told.length
  await alice.message({ user: 'bob' }, { text: 'again' })
  t.is(told.length, before)
})
