import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order, Told } from './fixtures/writer-process.js'

type Acked = Extract<Told, { told: 'acked' }>
type Refused = Extract<Told, { told: 'refused' }>

/** A store in another process. */
export class OtherProcess {
  readonly acked: Acked[] = []
  readonly refused: Refused[] = []
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  constructor(t: { teardown(run: () => Promise<void>): void }, env: Readonly<Record<string, string>> = {}) {
    const script = fileURLToPath(new URL('./fixtures/writer-process.js', import.meta.url))
    this.#child = fork(script, { env: { ...process.env, ...env }, execArgv: [] })
    this.#exited = once(this.#child, 'exit')
    this.#child.on('message', (told: Told) => {
      if (told.told === 'acked') this.acked.push(told)
      if (told.told === 'refused') this.refused.push(told)
    })
    t.teardown(() => this.kill())
  }

  /** Resolves when it is done. */
  async order(order: Order): Promise<void> {
    this.#child.send(order)
    if (order.do === 'close') await this.#exited
    else await this.#told((told) => told.told === 'done')
  }

  /** Sends without waiting for the end. */
  start(order: Order): void {
    this.#child.send(order)
  }

  async acks(count: number): Promise<void> {
    await this.#told(() => this.acked.length >= count)
  }

  /** Opens the store, and says how that ended. */
  async open(file: string): Promise<string> {
    return this.#ending({ do: 'open', file }, 'open')
  }

  /** Sends one message, and says how that ended. */
  async append(clientId: string): Promise<string> {
    const before = this.acked.length
    return this.#ending({ do: 'append', clientId }, () => (this.acked.length > before ? 'acked' : 'nothing'))
  }

  async head(): Promise<number> {
    this.#child.send({ do: 'head' } satisfies Order)
    let seq = -1
    await this.#told((told) => {
      if (told.told === 'head') seq = told.seq
      return told.told === 'done'
    })
    return seq
  }

  async #ending(order: Order, well: string | (() => string)): Promise<string> {
    const before = this.refused.length
    await this.order(order)
    const refusal = this.refused[before]
    if (refusal) return refusal.retryable ? `${refusal.code}, retryable` : refusal.code
    return typeof well === 'string' ? well : well()
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  #told(enough: (told: Told) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const heard = (told: Told) => {
        if (!enough(told)) return
        this.#child.off('message', heard)
        resolve()
      }
      this.#child.on('message', heard)
      void this.#exited.then(() => reject(new Error('the other process ended')))
    })
  }
}
