import { newId } from '@natter/core'
import type { Clock } from '@natter/core'
import type { Kv } from '@natter/core/contract'

/** A log-in that is under way. */
export interface Flow {
  /** Whose, once a first factor proved it. */
  readonly user?: string
  /** The account's version at that moment: whatever ends the sessions ends this log-in too. */
  readonly version?: number
  /** What may come next. */
  readonly methods: readonly string[]
  /** What the method's `begin` wants back, and which method that was. */
  readonly state?: string
  readonly begun?: string
  readonly tries: number
  readonly expiresAt: number
}

const lifeMs = 600_000
const maxTries = 5

/** Log-ins under way. A flow is taken out while it is looked at, so that guesses cannot run side by side. */
export class Flows {
  readonly #kv: Kv
  readonly #clock: Clock

  constructor(kv: Kv, clock: Clock) {
    this.#kv = kv
    this.#clock = clock
  }

  start(
    flow: Pick<Flow, 'user' | 'version' | 'methods' | 'state' | 'begun'>,
  ): Promise<{ readonly id: string; readonly flow: Flow }> {
    return this.#put(newId(), { ...flow, tries: maxTries, expiresAt: this.#clock.now() + lifeMs })
  }

  async take(id: string): Promise<Flow | undefined> {
    const text = await this.#kv.take(id)
    return text === undefined ? undefined : (JSON.parse(text) as Flow)
  }

  /** Puts it back unchanged, or with a challenge. */
  async keep(id: string, flow: Flow): Promise<void> {
    await this.#put(id, flow)
  }

  /** Puts it back with one try less, or ends it. A challenge is answered once, right or wrong. */
  async failed(id: string, { state: _, begun, ...flow }: Flow): Promise<void> {
    if (flow.user === undefined && begun !== undefined) return
    if (flow.tries > 1) await this.#put(id, { ...flow, tries: flow.tries - 1 })
  }

  async #put(id: string, flow: Flow) {
    const ttlMs = flow.expiresAt - this.#clock.now()
    if (ttlMs > 0) await this.#kv.set(id, JSON.stringify(flow), { ttlMs })
    return { id, flow }
  }
}
