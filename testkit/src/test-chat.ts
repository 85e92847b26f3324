import { createChat } from '@natter/core'
import type { Chat, ChatOptions, HostLogger, Plugin, Plugins } from '@natter/core'
import { FakeClock } from './fake-clock.js'
import { defaultStorage } from './default-storage.js'
import { RawDevice } from './raw-device.js'
import { testIdentity } from './test-identity.js'

/** What is needed of a test: ava's `t`, or anything that runs a function at the end. */
export interface TestContext {
  teardown(fn: () => unknown): void
}

/** What `createTestChat` takes: the options of `createChat`, and what stands in for the world. */
export interface TestChatOptions<P extends Plugins> extends Omit<ChatOptions<Plugins>, 'plugins' | 'clock'> {
  readonly plugins: P
  /** The storage plugin. Default: in memory, or what the module in `TEST_STORAGE` gives. `null`: none. */
  readonly storage?: Plugin | null
  /** Default: `testIdentity()`. `null`: one of the plugins knows the people. */
  readonly identity?: Plugin | null
  readonly clock?: FakeClock
}

/** A chat in memory, its clock, and devices for it. */
export interface TestChat<P extends Plugins> {
  readonly chat: Chat<P>
  readonly clock: FakeClock
  /** A connected device; `alice` or `alice:phone`. */
  device(token: string): Promise<RawDevice>
}

/**
 * A whole server without a port: memory transport, memory storage unless another is given, a clock that the test turns.
 *
 * @example
 * const { device } = await createTestChat(t, { plugins: [offline()] })
 * const [alice, bob] = [await device('alice'), await device('bob')]
 * await alice.message({ user: 'bob' }, { text: 'hello' })
 * await bob.next('m')
 */
export async function createTestChat<const P extends Plugins>(
  t: TestContext,
  options: TestChatOptions<P>,
): Promise<TestChat<P>> {
  const { plugins, storage, identity, clock = new FakeClock(), ...rest } = options
  const all = [
    ...(storage === null ? [] : [storage ?? (await defaultStorage(t))]),
    ...(identity === null ? [] : [identity ?? testIdentity()]),
    ...plugins,
  ]
  const chat = (await createChat<Plugins>({
    secrets: 'a secret for tests that is long enough to be one',
    logger: quiet,
    ...rest,
    clock,
    plugins: all,
  })) as unknown as Chat<P>
  t.teardown(() => chat.stop())
  return {
    chat,
    clock,
    async device(token) {
      const device = RawDevice.connect(chat as unknown as Chat)
      await device.hello({ token })
      return device
    },
  }
}

const silent = () => undefined
/** Tests of logging give a logger of their own. */
const quiet: HostLogger = {
  child: () => quiet,
  isLevelEnabled: () => false,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
}
