import test from 'ava'
import { Backlog } from '@natter/core'
import { FakeClock } from '@natter/testkit'

/** A backlog whose pages end when a test says so. */
function made() {
  const clock = new FakeClock()
  const pages: { readonly end: (more: boolean) => void; readonly fail: (err: Error) => void }[] = []
  const failures: unknown[] = []
  const backlog = new Backlog({
    clock,
    everyMs: 1_000,
    work: () => new Promise((end, fail) => pages.push({ end, fail })),
    failed: (err) => failures.push(err),
  })
  return { clock, pages, failures, backlog, settled: () => new Promise(setImmediate) }
}

test('it looks at the start, and every so often', async (t) => {
  const { clock, pages, backlog, settled } = made()
  t.is(pages.length, 0)
  backlog.start()
  await settled()
  t.is(pages.length, 1)
  pages[0]!.end(false)
  await settled()
  await clock.advance(999)
  t.is(pages.length, 1)
  await clock.advance(1)
  t.is(pages.length, 2)
  pages[1]!.end(false)
  await backlog.stop()
  await clock.advance(5_000)
  t.is(pages.length, 2)
})

test('one page at a time: again while there may be more, and once more where somebody asked meanwhile', async (t) => {
  const { pages, backlog, settled } = made()
  backlog.wake()
  backlog.wake()
  await settled()
  t.is(pages.length, 1)
  pages[0]!.end(true)
  await settled()
  t.is(pages.length, 2)
  backlog.wake()
  backlog.wake()
  pages[1]!.end(false)
  await settled()
  t.is(pages.length, 3)
  pages[2]!.end(false)
  await settled()
  t.is(pages.length, 3)
})

test('who asks in the moment in which a run ends is not missed', async (t) => {
  let looks = 0
  const clock = new FakeClock()
  const backlog = new Backlog({
    clock,
    everyMs: 1_000,
    work: async () => (looks++, false),
    failed: (err) => t.fail(String(err)),
  })
  for (let turns = 0; turns < 12; turns++) {
    looks = 0
    backlog.wake()
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    const before = looks
    backlog.wake()
    await new Promise(setImmediate)
    t.true(looks > before, `${turns} turns after it was asked`)
  }
})

test('a page that fails is told of, and tried again when asked', async (t) => {
  const { clock, pages, failures, backlog, settled } = made()
  backlog.start()
  await settled()
  const error = new Error('no disk')
  pages[0]!.fail(error)
  await settled()
  t.deepEqual(failures, [error])
  t.is(pages.length, 1)
  await clock.advance(1_000)
  t.is(pages.length, 2)
  pages[1]!.end(false)
  await backlog.stop()
})

test('the end waits for the page that is under way, and begins no other', async (t) => {
  const { pages, backlog, settled } = made()
  backlog.wake()
  await settled()
  let ended = false
  const stopping = backlog.stop().then(() => (ended = true))
  t.true(backlog.stopped)
  await settled()
  t.false(ended)
  pages[0]!.end(true)
  await stopping
  t.is(pages.length, 1)
  backlog.wake()
  await settled()
  t.is(pages.length, 1)
})
