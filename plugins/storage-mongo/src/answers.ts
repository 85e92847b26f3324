import type { ConnectionPoolClearedEvent, MongoClient, TopologyDescriptionChangedEvent } from 'mongodb'
import { StorageErrors } from '@natter/core/contract'
import { Waiters } from '@natter/core/storage'

/** How long an answer is waited for. */
export interface Patience {
  /** In all, ms. */
  readonly answerMs: number
  /** Once connections to the primary broke, ms. */
  readonly brokenMs: number
}

/** The driver looks for a new primary for 5 s, and asks it again. */
const brokenMs = 6_000
/** What a person waits for. */
export const ordinary: Patience = { answerMs: 60_000, brokenMs }
/** Work that grows with what is stored. */
export const unhurried: Patience = { answerMs: Number.POSITIVE_INFINITY, brokenMs }
/** Reads for which everybody who writes waits. */
export const hurried: Patience = { answerMs: 12_000, brokenMs }

/** Who asked does it again by itself, so it need not be known what the driver makes of it. */
export const written: Patience = { answerMs: 12_000, brokenMs: 2_000 }

/** A command may run so long on the server, ms: an attempt whose end we did not hear of is over by then. */
export const commandMs = 20_000
/** What the server gives up by itself. */
export const limited: Patience = { ...written, answerMs: commandMs + 2_000 }

/** So often those who wait are looked at, ms. */
const everyMs = 250

interface Pending {
  until: number
  readonly brokenMs: number
  readonly giveUp: () => void
}

/**
 * Sees to it that whoever asks the database hears something. The driver never answers a command whose connection broke at a bad
 * moment (mongodb 7.9.0: `Connection.writeCommand` waits for `drain` where the socket was closed while the command was
 * encoded, and a closed socket never drains), and whoever waits for it holds up all behind them.
 */
export class Answers {
  readonly #client: Pick<MongoClient, 'on' | 'off'>
  readonly #pending = new Waiters<Pending>()
  #timer: NodeJS.Timeout | undefined
  #primary: string | undefined

  constructor(client: Pick<MongoClient, 'on' | 'off'>) {
    this.#client = client
    client.on('topologyDescriptionChanged', this.#changed).on('connectionPoolCleared', this.#broken)
  }

  readonly #changed = ({ newDescription }: TopologyDescriptionChangedEvent) => {
    const primary = [...newDescription.servers.values()].find(({ type }) => type === 'RSPrimary')
    // where there is none, what is under way was sent to the last one
    if (primary) this.#primary = primary.address
  }
  readonly #broken = ({ address }: ConnectionPoolClearedEvent) => {
    if (this.#primary !== undefined && address !== this.#primary) return
    const now = performance.now()
    for (const each of this.#pending.all()) each.until = Math.min(each.until, now + each.brokenMs)
  }

  /**
   * The answer, or STORAGE_UNAVAILABLE after a while. What becomes of the command after all is not known then, as with any connection
   * that was lost. The signal frees what the driver holds for it; a cursor has one for all that it asks.
   */
  of<T>(ask: (signal: AbortSignal) => Promise<T>, patience = ordinary, givingUp = new AbortController()): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending: Pending = {
        until: performance.now() + patience.answerMs,
        brokenMs: patience.brokenMs,
        giveUp: () => {
          const late = StorageErrors.UNAVAILABLE({ cause: new Error('The database did not answer.') })
          over(reject)(late)
          givingUp.abort(late)
        },
      }
      let waits = true
      const over =
        <V>(tell: (value: V) => void) =>
        (value: V) => {
          // an answer that comes after all finds somebody else in its place
          if (!waits) return
          waits = false
          this.#pending.take(place)
          tell(value)
        }
      const asked = ask(givingUp.signal)
      const place = this.#pending.add(pending)
      asked.then(over(resolve), over(reject))
      this.#timer ??= setInterval(this.#look, everyMs)
    })
  }

  readonly #look = () => {
    const now = performance.now()
    for (const each of this.#pending.all()) if (now > each.until) each.giveUp()
    if (this.#pending.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  close(): void {
    clearInterval(this.#timer)
    this.#client.off('topologyDescriptionChanged', this.#changed).off('connectionPoolCleared', this.#broken)
  }
}
