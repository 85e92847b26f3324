import type { Body, Message, OtherBody } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { didYouMean } from '../kernel/did-you-mean.js'
import { kindOf } from '../kernel/error-text.js'
import type { Logger } from '../kernel/logger.js'
import type { Connection } from '../services/connections.js'

/** What a host can listen to. Hints, like `notify` hooks: after the fact, and gone when the process ends. */
export interface HostEvents<B extends Body = Body> {
  /** A message was stored on this node, or relayed where nothing is stored. */
  readonly message: Message<B | OtherBody>
  readonly connected: Connection
  readonly disconnected: Connection
}
type Listener = (value: never) => void
const events: readonly string[] = ['message', 'connected', 'disconnected'] satisfies (keyof HostEvents)[]

/** The host's listeners. What one throws is logged and reaches nobody. */
export class HostListeners {
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  /** @throws NATTER_INVALID for another name, or no function */
  on(name: string, listener: Listener): () => void {
    if (!events.includes(name)) {
      throw NatterErrors.INVALID({
        message: `chat.on: there is no event "${String(name)}".${didYouMean(String(name), events)}`,
      })
    }
    if (typeof listener !== 'function') {
      throw NatterErrors.INVALID({ message: `chat.on('${name}'): give a function, not ${kindOf(listener)}.` })
    }
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name)
    }
  }

  has(name: keyof HostEvents): boolean {
    return this.#listeners.has(name)
  }

  emit(name: keyof HostEvents, value: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        const done: unknown = listener(value as never)
        if (done instanceof Promise) done.catch((err: unknown) => this.#failed(name, err))
      } catch (err) {
        this.#failed(name, err)
      }
    }
  }

  #failed(name: string, err: unknown): void {
    this.#log.error({ err, event: name }, `chat.on('${name}'): a listener of the host failed`)
  }
}
