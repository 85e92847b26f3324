import type { FakeClock } from './fake-clock.js'

/** How long one waits outside the clock, ms: a database on a busy machine may not answer for seconds. */
const patienceMs = 30_000
const promptTurns = 20

/**
 * Turns the clock by a second at a time until it is so, as the server answers when it is asked: for what is written or told
 * behind an answer. After some turns it waits between them, as no clock that is turned makes a real store answer sooner.
 *
 * @throws Error when it is not so after 200 turns and 30 s.
 * @example
 * await eventually(server.clock, async () => (await bob.search.messages({ text: 'word' })).hits.length === 1)
 */
export async function eventually(clock: FakeClock, met: () => Promise<boolean>): Promise<void> {
  const began = performance.now()
  for (let turns = 0; !(await met()); turns++) {
    if (turns > 200 && performance.now() - began > patienceMs) throw new Error('It never became so.')
    await clock.advance(1_000)
    await new Promise((resolve) => (turns < promptTurns ? setImmediate(resolve) : setTimeout(resolve, 50)))
  }
}
