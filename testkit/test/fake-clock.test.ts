import test from 'ava'
import { FakeClock } from '@natter/testkit'

test('time stands still until it is turned', async (t) => {
  const clock = new FakeClock(1_000)
  t.deepEqual([clock.now(), clock.monotonic()], [1_000, 0])
  await clock.advance(50)
  t.deepEqual([clock.now(), clock.monotonic()], [1_050, 50])
})

test('a timer with a fraction does not give the wall clock one', async (t) => {
  const clock = new FakeClock(1_000)
  const seen: number[] = []
  clock.after(2.5, () => void seen.push(clock.now()))
  await clock.advance(10)
  t.deepEqual([...seen, clock.now(), clock.monotonic()], [1_002, 1_010, 10])
})

test('timers run at their moments and in their order, those of one moment as they were set', async (t) => {
  const clock = new FakeClock(0)
  const seen: string[] = []
  const at = (name: string) => () => void seen.push(`${name} ${clock.now()}`)
  clock.after(20, at('b'))
  clock.after(10, at('a'))
  clock.after(20, at('c'))
  clock.after(31, at('not yet'))
  await clock.advance(30)
  t.deepEqual(seen, ['a 10', 'b 20', 'c 20'])
  t.is(clock.waiting, 1)
})

test('timers that are set meanwhile run in the same turn, also those set after a promise', async (t) => {
  const clock = new FakeClock(0)
  const seen: number[] = []
  clock.after(10, () => {
    void Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => clock.after(5, () => seen.push(clock.now())))
  })
  clock.after(20, () => seen.push(clock.now()))
  await clock.advance(20)
  t.deepEqual(seen, [15, 20])
})

test('every repeats until it is cancelled, also from within', async (t) => {
  const clock = new FakeClock(0)
  const seen: number[] = []
  const timer = clock.every(10, () => {
    seen.push(clock.now())
    if (seen.length === 3) timer.cancel()
  })
  await clock.advance(100)
  t.deepEqual(seen, [10, 20, 30])
  t.is(clock.waiting, 0)
})

test('a cancelled timer does not run', async (t) => {
  const clock = new FakeClock()
  clock.after(5, () => t.fail()).cancel()
  await clock.advance(10)
  t.is(clock.waiting, 0)
})

test('the wall clock can jump, and timers do not notice', async (t) => {
  const clock = new FakeClock(1_000_000)
  const seen: number[] = []
  clock.after(10, () => seen.push(clock.monotonic()))
  clock.jump(-500_000)
  t.is(clock.now(), 500_000)
  await clock.advance(9)
  t.deepEqual(seen, [])
  await clock.advance(1)
  t.deepEqual(seen, [10])
  t.is(clock.now(), 500_010)
})

test('what waits for promises goes on before time passes and after it has', async (t) => {
  const clock = new FakeClock(0)
  const seen: number[] = []
  void (async () => {
    await Promise.resolve()
    seen.push(clock.now())
    await new Promise<void>((resolve) => clock.after(10, resolve))
    await Promise.resolve()
    seen.push(clock.now())
  })()
  await clock.advance(10)
  t.deepEqual(seen, [0, 10])
})

test('a timer that throws fails the turn', async (t) => {
  const clock = new FakeClock()
  clock.after(1, () => {
    throw new Error('boom')
  })
  await t.throwsAsync(clock.advance(1), { message: 'boom' })
})
