import type { Suite } from './suite.js'
import { group, message } from './suite.js'

export function logEpoch({ test, open }: Suite): void {
  test('every start has an incarnation of its own and the mark of that moment', async (t) => {
    const { log } = await open(t)
    const first = await log.begin()
    t.is(first.mark, 0)
    await log.append(message('c', 'a', '1', { open: group('a') }))
    const second = await log.begin()
    t.is(second.mark, await log.latest())
    t.true(first.incarnation !== second.incarnation && first.incarnation.length >= 16)
  })

  test('a cursor holds while its incarnation is known and none began below its mark', async (t) => {
    const { log } = await open(t)
    const first = await log.begin()
    await log.append(message('c', 'a', '1', { open: group('a') }))
    const mark = await log.latest()
    t.is(await log.holds({ incarnation: 'unknown', mark: 0 }), false)
    t.is(await log.holds({ incarnation: first.incarnation, mark: 0 }), true)
    t.is(await log.holds({ incarnation: first.incarnation, mark }), true)
    const second = await log.begin()
    t.is(await log.holds({ incarnation: first.incarnation, mark }), true, 'begun at the mark, not below')
    t.is(await log.holds({ incarnation: first.incarnation, mark: mark + 1 }), false, 'begun below it')
    t.is(await log.holds({ incarnation: second.incarnation, mark: mark + 1 }), true)
  })
}
