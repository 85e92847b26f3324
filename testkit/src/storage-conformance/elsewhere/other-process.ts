import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { NatterError } from '@natter/core/contract'
import type { OwnedModel, Storage } from '@natter/core/contract'
import type { OpenStore } from '../suite.js'
import type { Order, Shape, Told } from './orders.js'
import type { SharedStep } from './shared-steps.js'

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

interface OtherSetting {
  readonly models: readonly OwnedModel[]
  readonly steps?: readonly SharedStep[]
  readonly now: number
  /** The process kills itself so long after it began to open, ms. */
  readonly dieAfter?: number
}

/** A process beside the tests, with stores in it that are used as if they were here. It starts when it is first needed. */
export class OtherProcess {
  readonly #waiting = new Map<number, Waiting>()
  #child: ChildProcess | undefined
  #orders = 0

  /** Opens a store there, and says how many ms that took. The promise rejects also when the process dies meanwhile. */
  async open(module: URL, place: unknown, setting: OtherSetting): Promise<OpenStore & { readonly took: number }> {
    const store = ++this.#orders
    const { models, steps = [], now, dieAfter } = setting
    const took = await this.#order({ do: 'open', store, module: module.href, place, models, steps, now, dieAfter })
    return {
      took: took as number,
      storage: this.#storage(store),
      close: async () => void (await this.#order({ do: 'close', store })),
    }
  }

  #storage(store: number): Storage {
    const part = (shape: Shape) =>
      new Proxy({} as never, {
        get:
          (_target, verb: string) =>
          (...args: unknown[]) =>
            this.#order({ do: 'ask', store, shape, verb, args }),
      })
    return {
      description: 'in another process',
      durable: false,
      log: part(['log']),
      records: (plugin, model) => part(['records', { plugin, model }]),
      kv: (namespace) => part(['kv', namespace]),
      prepare: async () => Promise.reject(new Error('data steps cannot be sent to another process')),
      probe: async () => void (await this.#order({ do: 'ask', store, shape: ['store'], verb: 'probe', args: [] })),
      native: () => undefined,
    }
  }

  #order(order: Order): Promise<unknown> {
    const child = (this.#child ??= this.#start())
    const id = ++this.#orders
    // the tests' process waits while it is owed an answer, and ends when all tests have
    child.ref()
    child.channel?.ref()
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      child.send({ id, order }, (error) => error && this.#settle(id, (waiting) => waiting.reject(error)))
    })
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) {
      this.#child?.unref()
      this.#child?.channel?.unref()
    }
    if (waiting) how(waiting)
  }

  #start(): ChildProcess {
    const script = fileURLToPath(new URL('./store-process.js', import.meta.url))
    const child = fork(script, { serialization: 'advanced', execArgv: [] })
    child.on('message', ({ id, value, fault }: Told) => {
      this.#settle(id, ({ resolve, reject }) => (fault ? reject(errorOf(fault)) : resolve(value)))
    })
    child.once('exit', (code, signal) => {
      this.#child = undefined
      const ended = new Error(`the other process ended with ${signal ?? code}`)
      for (const id of this.#waiting.keys()) this.#settle(id, ({ reject }) => reject(ended))
    })
    return child
  }
}

function errorOf({ code, message, retryable }: NonNullable<Told['fault']>): Error {
  return code === undefined ? new Error(message) : new NatterError(code, { status: 500, message, retryable })
}
