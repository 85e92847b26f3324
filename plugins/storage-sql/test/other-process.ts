import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Order, Told } from './fixtures/writer-process.js'

type Acked = Extract<Told, { told: 'acked' }>

/** A store in another process. */
export class OtherProcess {
  readonly acked: Acked[] = []
  readonly refused: string[] = []
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>

  constructor(t: { teardown(run: () => Promise<void>): void }, env: Readonly<Record<string, string>> = {}) {
    const script = fileURLToPath(new URL('./fixtures/writer-process.js', import.meta.url))
    this.#child = fork(script, { env: { ...process.env, ...env }, execArgv: [] })
    this.#exited = once(this.#child, 'exit')
    this.#child.on('message', (told: Told) => {
      if (told.told === 'acked') this.acked.push(told)
      if (told.told === 'refused') this.refused.push(told.code)
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

  /** Sends one message and says how it ended. */
  async append(clientId: string): Promise<string> {
    const [acked, refused] = [this.acked.length, this.refused.length]
    await this.order({ do: 'append', clientId })
    return this.acked.length > acked ? 'acked' : this.refused.length > refused ? this.refused.at(-1)! : 'nothing'
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
