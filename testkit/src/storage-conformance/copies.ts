import { FakeClock } from '../fake-clock.js'
import type { Suite } from './suite.js'
import { group, message } from './suite.js'

export function restoredCopies({ test, backend, keep }: Suite): void {
  const { copy, reopen } = backend
  if (!copy || !reopen) return

  test('a store restored from an older copy is told apart: what came after the copy does not hold', async (t) => {
    const setting = { models: [], clock: new FakeClock() }
    const first = keep(t, await backend.open(setting))
    const one = await first.storage.log.begin()
    await first.storage.log.append(message('c', 'a', '1', { open: group('a') }))
    const early = { incarnation: one.incarnation, mark: await first.storage.log.latest() }
    await first.close()
    const restore = await copy(first)

    const second = keep(t, await reopen(first, setting))
    const two = await second.storage.log.begin()
    await second.storage.log.append(message('c', 'a', '2'))
    const late = { incarnation: two.incarnation, mark: await second.storage.log.latest() }
    const lateUnderOne = { incarnation: one.incarnation, mark: late.mark }
    t.is(await second.storage.log.holds(late), true)
    t.is(await second.storage.log.holds(early), true)
    await second.close()

    const { storage } = keep(t, await restore(setting))
    t.is(await storage.log.holds(late), false, 'an incarnation that the copy does not know')
    await storage.log.begin()
    t.is(await storage.log.holds(early), true, 'what was seen before the copy is still true')
    t.is(await storage.log.holds(lateUnderOne), false, 'a mark beyond where the copy began')
    await storage.log.append(message('c', 'a', 'other'))
    await storage.log.append(message('c', 'a', 'another'))
    t.is(await storage.log.holds(lateUnderOne), false, 'also after the store has grown past it')
  })
}
