import { NatterErrors } from '../errors.js'
import type { Bus } from './bus.js'
import type { Clock } from './clock.js'

type Handler = Parameters<Bus['subscribe']>[1]
interface Lease {
  readonly owner: symbol
  until: number
}
export interface InProcessBusOptions {
  readonly clock: Clock
  /** Gets what a subscriber throws: it must not reach who published. */
  readonly onError: (error: unknown, subject: string) => void
}

/**
 * The bus of nodes that live in one process: usually one, which then talks to nobody. Nothing is lost and nothing is
 * ever interrupted.
 *
 * @example
 * const hub = new InProcessBus({ clock, onError })
 * const bus = hub.node()
 */
export class InProcessBus {
  readonly #options: InProcessBusOptions
  readonly #nodes = new Set<Map<string, Set<Handler>>>()
  readonly #leases = new Map<string, Lease>()

  constructor(options: InProcessBusOptions) {
    this.#options = options
  }

  /** A further node, which hears the others and not itself. */
  node(): Bus {
    const own = new Map<string, Set<Handler>>()
    const nodes = this.#nodes.add(own)
    return {
      get remote() {
        return nodes.size > 1
      },
      publish: (subject, frame) => {
        // Never within the call, as over a network.
        if (nodes.size > 1) queueMicrotask(() => this.#deliver(own, subject, frame))
      },
      subscribe(subject, handler) {
        const handlers = own.get(subject) ?? new Set()
        own.set(subject, handlers.add(handler))
        return () => {
          handlers.delete(handler)
          if (handlers.size === 0 && own.get(subject) === handlers) own.delete(subject)
        }
      },
      request: (subject, frame, { timeoutMs }) => this.#request(own, subject, frame, timeoutMs),
      flush: () => Promise.resolve(),
      lease: async (key, ttlMs) => this.#lease(key, ttlMs),
      onEpochBump: () => () => undefined,
    }
  }

  *#handlersOf(subject: string, except: Map<string, Set<Handler>>): Iterable<Handler> {
    for (const node of this.#nodes) if (node !== except) yield* node.get(subject) ?? []
  }

  #deliver(from: Map<string, Set<Handler>>, subject: string, frame: unknown): void {
    for (const handler of this.#handlersOf(subject, from)) {
      // Within an async function, so that a throw and a rejection are handled alike.
      const handle = async () => handler(frame)
      handle().catch((error: unknown) => this.#options.onError(error, subject))
    }
  }

  async #request(
    from: Map<string, Set<Handler>>,
    subject: string,
    frame: unknown,
    timeoutMs: number,
  ): Promise<unknown> {
    for (const handler of this.#handlersOf(subject, from)) {
      const answer = handler(frame)
      if (answer !== undefined) return this.#within(timeoutMs, subject, answer)
    }
    throw NatterErrors.TIMEOUT({ message: `No other node answers "${subject}".` })
  }

  #within(timeoutMs: number, subject: string, answer: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.after(timeoutMs, () =>
        reject(NatterErrors.TIMEOUT({ message: `No answer to "${subject}" within ${timeoutMs} ms.` })),
      )
      Promise.resolve(answer).then(
        (value) => {
          timer.cancel()
          resolve(value)
        },
        (error: unknown) => {
          timer.cancel()
          reject(error)
        },
      )
    })
  }

  #lease(key: string, ttlMs: number) {
    const now = () => this.#options.clock.monotonic()
    const held = this.#leases.get(key)
    if (held !== undefined && held.until > now()) return undefined
    const lease: Lease = { owner: Symbol(key), until: now() + ttlMs }
    this.#leases.set(key, lease)
    const mine = () => this.#leases.get(key)?.owner === lease.owner && lease.until > now()
    return {
      renew: async () => {
        if (!mine()) return false
        lease.until = now() + ttlMs
        return true
      },
      release: async () => {
        if (mine()) this.#leases.delete(key)
      },
    }
  }
}
