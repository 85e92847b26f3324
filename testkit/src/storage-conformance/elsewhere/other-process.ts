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

/** A process beside the tests, with stores in it that are used as if they were here. It starts when it is first needed. */
export class OtherProcess {
  readonly #waiting = new Map<number, Waiting>()
  #child: ChildProcess | undefined
  #orders = 0

  /** Opens a store there. The promise rejects also when the process dies meanwhile. */
  async open(
    module: URL,
    place: unknown,
    setting: { readonly models: readonly OwnedModel[]; readonly steps?: readonly SharedStep[]; readonly now: number },
  ): Promise<OpenStore> {
    const store = ++this.#orders
    await this.#order({ do: 'open', store, module: module.href, place, steps: [], ...setting })
    return {
      storage: this.#storage(store),
      close: async () => void (await this.#order({ do: 'close', store })),
    }
  }

  /** The process kills itself so many ms from now, whatever it is at. Resolves when it is gone. */
  async dieAfter(after: number): Promise<void> {
    // its end is the answer
    await this.#order({ do: 'die', after }).catch(() => undefined)
  }

  #storage(store: number): Storage {
    const ask = async (verb: string, ...args: unknown[]) =>
      void (await this.#order({ do: 'ask', store, shape: ['store'], verb, args }))
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
      // a data step is a function, which cannot be sent: name a shared one to `open`
      prepare: (models) => ask('prepare', models, []),
      probe: () => ask('probe'),
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
