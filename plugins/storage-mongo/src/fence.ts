import { StorageErrors } from '@natter/core/contract'
import type { MongoClient, TopologyDescription, TopologyDescriptionChangedEvent } from 'mongodb'

/** The server that takes the writes, and by which election. */
function primaryOf({ servers }: TopologyDescription): string | undefined {
  const primary = [...servers.values()].find(({ type }) => type === 'RSPrimary')
  return primary && `${primary.address} ${primary.electionId?.toHexString()}`
}

/** So long a write is begun anew over elections, ms. */
const patienceMs = 10_000
/** So often a question is asked again because there was an election meanwhile. */
const mostAsked = 5

/**
 * A primary that was just elected, or started again, has all that a majority had, but may not know for a moment that they
 * had it, and reads of what a majority has are of earlier
 * (https://www.mongodb.com/docs/manual/reference/read-concern-majority/). Once a majority has a write of its own, it knows. So
 * after each election, and whenever connections broke, nothing is read before such a write.
 */
export class Fence {
  readonly #client: MongoClient
  readonly #write: () => Promise<unknown>
  #primary: string | undefined
  /** Elections that there may have been, and how many of them the last write came after. */
  #elections = 1
  #passed = 0
  #passing: Promise<void> | undefined

  /** `write`: some write that resolves when a majority has it. */
  constructor(client: MongoClient, write: () => Promise<unknown>) {
    this.#client = client
    this.#write = write
    client.on('topologyDescriptionChanged', this.#changed).on('connectionPoolCleared', this.#broken)
  }

  readonly #changed = ({ newDescription }: TopologyDescriptionChangedEvent) => {
    const primary = primaryOf(newDescription)
    if (primary === undefined || primary === this.#primary) return
    this.#primary = primary
    this.#elections++
  }
  readonly #broken = () => void this.#elections++

  /** Resolves when the primary knows what a majority has; nothing if it does. */
  pass(): Promise<void> | undefined {
    if (this.#passed === this.#elections) return undefined
    return (this.#passing ??= this.#pass().finally(() => (this.#passing = undefined)))
  }

  async #pass(): Promise<void> {
    const giveUp = performance.now() + patienceMs
    while (this.#passed !== this.#elections) {
      const elections = this.#elections
      try {
        await this.#write()
      } catch (error) {
        // what broke under it is no answer of those who are there now
        if (elections === this.#elections || performance.now() > giveUp) throw error
        continue
      }
      this.#passed = elections
    }
  }

  /**
   * Asks behind the fence, and again where there was an election meanwhile: the driver asks a new primary again by itself, and
   * then its answer may be of earlier.
   *
   * @param doubted Whether such an answer matters; the default is that it does.
   * @throws STORAGE_UNAVAILABLE when elections do not end.
   */
  async read<T>(request: () => Promise<T>, doubted: (answer: T) => boolean = () => true): Promise<T> {
    for (let asked = 1; asked <= mostAsked; asked++) {
      const passed = this.#passed === this.#elections ? this.#passed : await this.#stand()
      const answer = await request()
      if (this.#elections === passed || !doubted(answer)) return answer
    }
    throw StorageErrors.UNAVAILABLE({ cause: new Error('The database elects one primary after the other.') })
  }

  /** How many elections there were, all of which are passed. */
  async #stand(): Promise<number> {
    for (;;) {
      const elections = this.#elections
      await this.pass()
      if (this.#elections === elections) return elections
    }
  }

  close(): void {
    this.#client.off('topologyDescriptionChanged', this.#changed).off('connectionPoolCleared', this.#broken)
  }
}
