import test from 'ava'
import { systemClock as createSystemClock } from '#src/services/system-clock.js'

const systemClock = createSystemClock()

const fired = (set: (run: () => void) => void) =>
  new Promise<void>((resolve) => {
    // The clock's timers let the process end; the test has to hold it.
    const hold = setInterval(() => undefined, 1_000)
    set(() => {
      clearInterval(hold)
      resolve()
    })
  })

test('time is that of the machine, and monotonic time does not go back', (t) => {
  const before = Date.now()
  const now = systemClock.now()
  t.true(now >= before && now <= Date.now())
  const first = systemClock.monotonic()
  t.true(systemClock.monotonic() >= first)
})

test('a timer calls back, once or again and again', async (t) => {
  await fired((run) => void systemClock.after(1, run))
  let times = 0
  await fired((run) => {
    const timer = systemClock.every(1, () => {
      times++
      if (times < 3) return
      timer.cancel()
      run()
    })
  })
  t.is(times, 3)
})

test('a cancelled timer does not call back', async (t) => {
  let called = false
  systemClock.after(1, () => (called = true)).cancel()
  systemClock.every(1, () => (called = true)).cancel()
  await fired((run) => void systemClock.after(5, run))
  t.false(called)
})

test('a delay beyond what Node can hold does not fire at once', async (t) => {
  let called = false
  const timers = [2 ** 31, 2 ** 40, Infinity].map((ms) => systemClock.after(ms, () => (called = true)))
  await fired((run) => void systemClock.after(5, run))
  for (const timer of timers) timer.cancel()
  t.false(called)
})

test('timers that run late are told of while they do, and not for one that did', async (t) => {
  const clock = createSystemClock()
  const work = (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end;);
  }
  const beat = () => fired((run) => void clock.after(105, run))
  t.is(clock.late!(), 0)
  const began = performance.now()
  work(180)
  await beat()
  const once = clock.late!()
  t.true(once > 5 && once < (performance.now() - began) / 4, String(once))
  for (let i = 0; i < 6; i++) {
    work(220)
    await new Promise(setImmediate)
  }
  t.true(clock.late!() > 50, String(clock.late!()))
})
