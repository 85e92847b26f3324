import type { FakeClock } from './fake-clock.js'

/**
 * Turns the clock by a second at a time until it is so, as the server answers when it is asked: for what is written or told
 * behind an answer.
 *
 * @throws Error when it is not so after 200 turns.
 * @example
 * await eventually(server.clock, async () => (await bob.search.messages({ text: 'word' })).hits.length === 1)
 */
export async function eventually(clock: FakeClock, met: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; !(await met()); turns++) {
    if (turns > 200) throw new Error('It never became so.')
    await clock.advance(1_000)
    await new Promise(setImmediate)
  }
}
