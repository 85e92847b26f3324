import { startReplicaSet } from '@natter/servers'
import type { DatabaseKind, OwnServer, ReplicaSet } from '@natter/servers'
import type { Database } from './database.js'
import { LoneDatabases } from './lone-databases.js'

/** Three members of MongoDB, of which one takes the writes until it is gone, and what else a store stands on beside them. */
export class ReplicatedDatabase implements Database {
  readonly urls: readonly string[]
  readonly #set: ReplicaSet
  readonly #beside: LoneDatabases
  readonly #killed = new Set<OwnServer>()

  static async open(kinds: readonly DatabaseKind[]): Promise<ReplicatedDatabase> {
    const beside = await LoneDatabases.open(kinds.filter((kind) => kind !== 'mongo'))
    let set: ReplicaSet | undefined
    try {
      set = await startReplicaSet()
      const { url } = await set.scratch()
      return new ReplicatedDatabase(set, beside, beside.urls.toSpliced(kinds.indexOf('mongo'), 0, url))
    } catch (error) {
      await Promise.all([set?.stop(), beside.close()])
      throw error
    }
  }

  private constructor(set: ReplicaSet, beside: LoneDatabases, urls: readonly string[]) {
    this.#set = set
    this.#beside = beside
    this.urls = urls
  }

  async kill(): Promise<void> {
    const primary = await this.#set.primary()
    await primary.kill('SIGKILL')
    this.#killed.add(primary)
  }

  /** The member that takes the writes gives way to another. */
  async stepDown(): Promise<void> {
    await this.#set.stepDown()
  }

  async start(): Promise<void> {
    for (const member of this.#killed) await member.restart()
    this.#killed.clear()
  }

  async close(): Promise<void> {
    await Promise.all([this.#set.stop(), this.#beside.close()])
  }
}
