import { createClient } from '@natter/client'
import type { ClientOptions, ClientPlugins, Platform } from '@natter/client'
import { FakeClock } from '@natter/testkit'
import { setImmediate as turn } from 'node:timers/promises'
import { Wire } from './wire.js'
import type { Line } from './wire.js'

type Change = Parameters<Parameters<Platform['watch']>[0]>[0]
type Timer = ReturnType<FakeClock['after']>

/** Lets everything happen that waits for promises and for frames on their way. */
export async function settle(turns = 12): Promise<void> {
  for (let count = 0; count < turns; count++) await turn()
}

export interface TestContext {
  teardown(fn: () => unknown): void
}

/** A clock, a network and clients on them. */
export class Bench {
  readonly clock = new FakeClock()
  readonly wire = new Wire()
  readonly #t: TestContext
  readonly #listeners = new Set<(change: Change) => void>()
  /** What `platform.random` gives: spreads are predictable. */
  chance = 1
  #seed = 1

  constructor(t: TestContext) {
    this.#t = t
  }

  platform(): Platform {
    return {
      WebSocket: this.wire.WebSocket,
      now: () => this.clock.now(),
      setTimeout: (run, ms) => this.clock.after(ms, run),
      clearTimeout: (timer) => (timer as Timer | undefined)?.cancel(),
      randomBytes: (length) => Uint8Array.from({ length }, () => (this.#seed = (this.#seed * 48_271) % 2_147_483_647)),
      random: () => this.chance,
      watch: (listener) => {
        this.#listeners.add(listener)
        return () => void this.#listeners.delete(listener)
      },
      locks: undefined,
      channel: undefined,
    }
  }

  /** The device's network or the app's visibility changes. */
  change(change: Change) {
    for (const listener of this.#listeners) listener(change)
  }

  get listeners() {
    return this.#listeners.size
  }

  client<const P extends ClientPlugins = []>(options: Partial<ClientOptions<P>> = {}) {
    const { platform, ...rest } = options
    const chat = createClient<P>({
      url: 'http://chat.test/chat',
      token: 'alice',
      ...rest,
      platform: { ...this.platform(), ...platform },
    } as ClientOptions<P>)
    this.#t.teardown(() => chat.close())
    return chat
  }

  /** Passes time, in steps, so that what timers set off goes on in between. */
  async advance(ms: number, step = 1_000): Promise<void> {
    for (let passed = 0; passed < ms; passed += step) {
      await this.clock.advance(Math.min(step, ms - passed))
      await settle()
    }
  }
}

export const limits = { frameBytes: 65_536, textLength: 16_384, bodyBytes: 32_768, pingMs: 25_000 }

export function welcome(more: object = {}) {
  return {
    protocol: 1,
    user: 'alice',
    device: 'alice-main',
    session: 'alice-session',
    connection: 'c',
    incarnation: 'i',
    plugins: { auth: 1 },
    limits,
    now: Date.UTC(2026, 0, 1),
    ...more,
  }
}

/** Takes the next connection and lets it in. */
export async function admit(wire: Wire, more: object = {}): Promise<Line> {
  const line = await wire.line()
  await line.next('hello')
  line.send('welcome', welcome(more))
  await settle()
  return line
}
