import test from 'ava'
import { localTime, sendTimes, timeOf } from '#web/format/send-times.js'

const at = (day: number, hours: number, minutes = 0) => new Date(2026, 10, day, hours, minutes).getTime()
const offered = (now: number) => sendTimes(now).map(({ name, at }) => [name, localTime(at)])

test('the times that are offered are of the calendar of the device, and still to come', (t) => {
  // The 24th of November 2026 is a Tuesday.
  t.deepEqual(offered(at(24, 10, 30)), [
    ['hour', '2026-11-24T11:30'],
    ['evening', '2026-11-24T20:00'],
    ['tomorrow', '2026-11-25T09:00'],
    ['monday', '2026-11-30T09:00'],
  ])
  t.deepEqual(
    offered(at(24, 19, 30)).map(([name]) => name),
    ['hour', 'tomorrow', 'monday'],
    'the evening is about to begin',
  )
  t.deepEqual(
    offered(at(29, 10)).map(([name]) => name),
    ['hour', 'evening', 'tomorrow'],
    'tomorrow is Monday',
  )
  t.deepEqual(offered(at(30, 10)).at(-1), ['monday', '2026-12-07T09:00'], 'the next one')
})

test('a time goes into its field and back, to the minute', (t) => {
  const now = at(24, 7, 5)
  t.is(timeOf(localTime(now)), now)
  t.true(Number.isNaN(timeOf('')))
})
