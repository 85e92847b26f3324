import type { Plugins } from '@natter/core'
import { FakeClock } from './fake-clock.js'
import { MemoryStore } from './memory-storage/memory-store.js'
import { sharedStorage } from './shared-storage.js'
import type { Weather } from './shared-storage.js'
import type { TestContext } from './test-chat.js'
import { createTestServer } from './test-server.js'
import type { TestServer } from './test-server.js'

/** One of several servers, and the failures of its own calls of the store. */
export interface TestNode<P extends Plugins> extends TestServer<P> {
  readonly weather: Weather
}
/** The nodes of one chat, and what they share. */
export interface TestNodes<P extends Plugins> {
  readonly clock: FakeClock
  readonly store: MemoryStore
  readonly servers: readonly [TestNode<P>, ...TestNode<P>[]]
  /** One more, now. */
  server(weather?: Weather): Promise<TestNode<P>>
}

/**
 * So many servers on one store in memory and one clock: the nodes of one chat. `plugins` makes those of each.
 *
 * @example
 * const { servers } = await createTestNodes(t, 2, () => [offline(), poll()])
 * const [one, other] = servers
 * one.weather.before = (model, verb) => {
 *   if (verb === 'append') throw StorageErrors.UNAVAILABLE()
 * }
 */
export async function createTestNodes<const P extends Plugins>(
  t: TestContext,
  count: number,
  plugins: () => P,
): Promise<TestNodes<P>> {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const server = async (weather: Weather = {}): Promise<TestNode<P>> => {
    const made = await createTestServer<P>(t, { plugins: plugins(), storage: sharedStorage(store, weather), clock })
    return { ...made, weather }
  }
  const first = await server()
  const others: TestNode<P>[] = []
  while (others.length + 1 < count) others.push(await server())
  return { clock, store, server, servers: [first, ...others] }
}
