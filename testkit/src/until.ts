import type { FakeClock } from './fake-clock.js'

/**
 * Time goes on until it is so, as fast as it does outside: were it faster, every request to a real store would take longer
 * than the server waits, and so would each that is tried again.
 *
 * @example
 * await until(server.clock, () => bob.conversation(id).messages.get().length === 3)
 */
export async function until(clock: FakeClock, met: () => boolean): Promise<void> {
  for (let last = performance.now(); !met();) {
    await new Promise(setImmediate)
    const now = performance.now()
    await clock.advance(now - last)
    last = now
  }
}
