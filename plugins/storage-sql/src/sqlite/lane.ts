import { Worker } from 'node:worker_threads'
import { StorageErrors } from '@natter/core/contract'
import type { NatterError } from '@natter/core/contract'
import { Waiters } from '@natter/core/storage'
import { SqlErrors } from '../errors.js'
import type { ConnectionOptions } from './connection.js'
import type { Fault } from './faults.js'
import type { Answer, FromWorker, Request, Verb, Verbs } from './verbs.js'
import type { WorkerOptions } from './worker-options.js'

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}
export interface LaneOptions extends ConnectionOptions {
  /** Most writes in one transaction. */
  readonly batch: number
  /** Most requests without an answer; more are refused with STORAGE_BUSY. */
  readonly queue: number
  /** Monotonic ms. */
  readonly monotonic: () => number
}

/** Waits between two starts of a worker that does not come up, ms: doubling from the first, up to the last. */
const firstPause = 100
const longestPause = 5_000

function errorOf({ code, cause }: Fault): NatterError {
  if (code === 'DURABILITY_WEAK') return SqlErrors.DURABILITY_WEAK({ message: cause })
  return StorageErrors[code]({ cause: new Error(cause) })
}

/**
 * The way to a worker that owns a connection. Everything asked in one turn goes over in one message. When the worker
 * dies, what it had not answered is refused, never acknowledged, and the next request starts another.
 */
export class Lane {
  readonly #options: LaneOptions
  readonly #waiting = new Waiters<Waiting>()
  #worker: Worker | undefined
  #outbox: Request[] = []
  #lastSession = 0
  /** Starts in a row after which nothing was committed, or read where nothing is written. */
  #failures = 0
  #retryAt = 0
  #fault: Fault | undefined
  #lost = false
  #closing: Promise<void> | undefined

  private constructor(options: LaneOptions) {
    this.#options = options
  }

  /** To a worker that only reads, beside the one that writes. It is started by the first request. */
  static beside(options: LaneOptions): Lane {
    return new Lane({ ...options, beside: true })
  }

  /** @throws STORAGE_SQL_DURABILITY_WEAK, STORAGE_UNAVAILABLE, STORAGE_READ_ONLY, … when the database cannot be opened. */
  static async open(options: LaneOptions): Promise<{ readonly lane: Lane; readonly durable: boolean }> {
    const lane = new Lane(options)
    const durable = await lane.#start()
    return { lane, durable }
  }

  /** Another session: a transaction of its own is opened in it with `open`. */
  newSession(): number {
    return ++this.#lastSession
  }

  request<V extends Verb>(verb: V, payload: Verbs[V][0], session = 0): Promise<Verbs[V][1]> {
    if (this.#closing) return Promise.reject(StorageErrors.CLOSED())
    if (this.#waiting.size >= this.#options.queue) return Promise.reject(StorageErrors.BUSY())
    if (!this.#worker) {
      const refusal = this.#restart()
      if (refusal) return Promise.reject(refusal)
    }
    return this.#send(verb, payload, session)
  }

  #send<V extends Verb>(verb: V, payload: Verbs[V][0], session: number): Promise<Verbs[V][1]> {
    return new Promise((resolve, reject) => {
      const id = this.#waiting.add({ resolve, reject })
      if (this.#outbox.length === 0) setImmediate(this.#post)
      this.#outbox.push([id, verb, payload, session] as unknown as Request)
    })
  }

  readonly #post = () => {
    const requests = this.#outbox
    this.#outbox = []
    this.#worker?.postMessage(requests)
  }

  /** Starts a worker, unless the last ones died and it is not time yet: then says why not. */
  #restart(): NatterError | undefined {
    const left = this.#retryAt - this.#options.monotonic()
    if (left > 0) {
      const why = this.#fault ?? { code: 'UNAVAILABLE', cause: 'the database worker died', scope: 'connection' }
      const { code, cause } = why
      if (code === 'DURABILITY_WEAK') return errorOf(why)
      return StorageErrors[code]({ cause: new Error(cause), retryAfterMs: Math.ceil(left) })
    }
    this.#start().catch((error: unknown) => {
      // whoever asked has been answered by the end of the worker; the fault is kept for who asks next
      void error
    })
    return undefined
  }

  #start(): Promise<boolean> {
    const { file, durability, batch, beside = false } = this.#options
    const workerData: WorkerOptions = { file, durability, batch, beside, recover: this.#lost }
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData })
    this.#worker = worker
    this.#fault = undefined
    return new Promise((resolve, reject) => {
      let fault: Fault | undefined
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve(message.durable)
        else if (message.kind === 'lost') fault = message.fault
        else this.#answered(message.answers, message.committed)
      })
      worker.on('error', (error) => {
        fault ??= { code: 'UNAVAILABLE', cause: error.message, scope: 'connection' }
      })
      worker.on('exit', () => {
        const why = fault ?? { code: 'UNAVAILABLE', cause: 'the database worker ended', scope: 'connection' }
        this.#ended(worker, why)
        reject(errorOf(why))
      })
    })
  }

  #answered(answers: readonly Answer[], committed: boolean): void {
    if (committed || this.#options.beside) {
      this.#failures = 0
      this.#lost = false
    }
    for (const [id, fault, value] of answers) {
      const waiting = this.#waiting.take(id)
      if (fault) waiting?.reject(errorOf(fault))
      else waiting?.resolve(value as never)
    }
  }

  /** The outcome of what was under way is unknown, so it is refused. */
  #ended(worker: Worker, fault: Fault): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#outbox = []
    this.#fault = fault
    this.#lost = true
    const pause = this.#failures === 0 ? 0 : Math.min(firstPause * 2 ** (this.#failures - 1), longestPause)
    this.#failures++
    this.#retryAt = this.#options.monotonic() + pause
    for (const { reject } of this.#waiting.takeAll()) reject(errorOf(fault))
  }

  /** What was asked before is still done, and the connection kept until `first`. */
  close(first?: Promise<void>): Promise<void> {
    return (this.#closing ??= this.#close(first))
  }

  async #close(first: Promise<void> | undefined): Promise<void> {
    await first
    const worker = this.#worker
    if (!worker) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    await this.#send('close', undefined, 0).catch(() => worker.terminate())
    await ended
  }
}
