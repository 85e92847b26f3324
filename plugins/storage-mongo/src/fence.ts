import type { MongoClient, TopologyDescription, TopologyDescriptionChangedEvent } from 'mongodb'

/** The server that takes the writes, and by which election. */
function primaryOf({ servers }: TopologyDescription): string | undefined {
  const primary = [...servers.values()].find(({ type }) => type === 'RSPrimary')
  return primary && `${primary.address} ${primary.electionId?.toHexString()}`
}

/** So long a write is begun anew over elections, ms. */
const patienceMs = 10_000

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

  /** Another value than before: what was read in between may be of earlier. */
  get place(): number {
    return this.#elections
  }

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

  close(): void {
    this.#client.off('topologyDescriptionChanged', this.#changed).off('connectionPoolCleared', this.#broken)
  }
}
