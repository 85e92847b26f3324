import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { Changes } from '#src/log/changes.js'
import type { LogCollections } from '#src/log/log-collections.js'

/** Collections whose first look is never answered, as the driver does where a connection breaks at a bad moment. */
function deaf() {
  let looks = 0
  const answer = () => (++looks === 1 ? new Promise<never>(() => undefined) : Promise.resolve([]))
  const find = () => ({ sort: () => ({ limit: () => ({ toArray: answer }) }) })
  return { log: { changes: { find } } as unknown as LogCollections, looks: () => looks }
}

test('a look that the driver never answers ends, and the next one looks again', async (t) => {
  const { log, looks } = deaf()
  const changes = new Changes(log, new FakeClock(), { pass: () => undefined }, 20)
  const first = changes.look()
  // Who asks meanwhile waits for it, and then looks anew.
  const second = changes.look()
  await t.throwsAsync(first, { code: 'STORAGE_UNAVAILABLE' })
  await second
  t.is(looks(), 2)
})
