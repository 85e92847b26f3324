import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { People } from '#src/people.js'

function people() {
  const clock = new FakeClock()
  const there = new People(clock, 20_000, { changed: () => undefined, gone: () => undefined })
  const of = (device: string, id = device) => ({ user: 'bob', device, id })
  const open = (device: string, active: boolean, id?: string) => {
    there.opened(of(device, id))
    there.says(of(device, id), active, 'web')
  }
  return { clock, there, of, open }
}

test('what was known to be gone does not come back when the last device is lost', async (t) => {
  const { clock, there, of, open } = people()
  open('desk', true)
  open('phone', false)
  there.closed(of('desk'))
  await clock.advance(1_500)
  t.false(there.of('bob')!.active)
  there.closed(of('phone'))
  t.false(there.of('bob')!.active)
})

test('devices that are lost together count until the grace is over, also when only one of them comes back', async (t) => {
  const { clock, there, of, open } = people()
  open('desk', true)
  open('phone', false)
  there.closed(of('desk'))
  await clock.advance(900)
  there.closed(of('phone'))
  there.opened(of('phone', 'again'))
  await clock.advance(19_000)
  t.true(there.of('bob')!.active)
  await clock.advance(1_000)
  t.false(there.of('bob')!.active)
  t.is(clock.waiting, 0)
})

test('of many devices that were lost only the last are remembered', (t) => {
  const { there, of, open } = people()
  open('stays', false)
  for (let i = 0; i < 21; i++) {
    open(`device-${i}`, false)
    there.closed(of(`device-${i}`))
  }
  there.opened(of('device-20', 'again'))
  t.false(there.of('bob')!.active)
  there.opened(of('device-0', 'again too'))
  t.true(there.of('bob')!.active, 'it is new')
})
