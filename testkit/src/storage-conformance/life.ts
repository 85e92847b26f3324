import { FakeClock } from '../fake-clock.js'
import type { Suite } from './suite.js'
import { capabilities, group, message } from './suite.js'

export function storeLife({ test, backend, open, keep }: Suite): void {
  test('a store says where it keeps things, and that a small write commits', async (t) => {
    const storage = await open(t)
    t.true(storage.description.length > 0 && typeof storage.durable === 'boolean')
    await storage.probe()
    await storage.probe()
    t.is(storage.native('none' as never), undefined)
  })

  test('a closed store refuses with STORAGE_CLOSED', async (t) => {
    const opened = keep(t, await backend.open({ models: [], clock: new FakeClock() }))
    const { storage } = opened
    await opened.close()
    const closed = { code: 'STORAGE_CLOSED' }
    await t.throwsAsync(storage.log.append(message('c', 'a', '1', { open: group('a') })), closed)
    await t.throwsAsync(storage.log.head('c'), closed)
    await t.throwsAsync(storage.kv('suite').get('k'), closed)
    await t.throwsAsync(storage.probe(), closed)
    await t.throwsAsync(storage.prepare([], []), closed)
  })

  test('what was asked before a close is answered', async (t) => {
    const opened = keep(t, await backend.open({ models: [], clock: new FakeClock() }))
    const append = opened.storage.log.append(message('c', 'a', '1', { open: group('a') }))
    await opened.close()
    t.is((await append).status, 'appended')
  })

  test('the suite ran all that this backend claims', async (t) => {
    // full-text indexes are in the store itself: what claims them runs their tests
    const given = (way: string) => way !== 'terms'
    const missing = Object.keys(capabilities).filter((way) => given(way) && !(way in backend))
    t.deepEqual(
      missing.toSorted(),
      (backend.without ?? []).filter(given).toSorted(),
      'name in `without` what is not offered',
    )
  })
}
