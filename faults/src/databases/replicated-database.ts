import { startReplicaSet } from '@natter/servers'
import type { OwnServer, ReplicaSet } from '@natter/servers'
import type { Database } from './database.js'

/** Three members of MongoDB, of which one takes the writes until it is gone. */
export class ReplicatedDatabase implements Database {
  readonly urls: readonly string[]
  readonly #set: ReplicaSet
  readonly #killed = new Set<OwnServer>()

  static async open(): Promise<ReplicatedDatabase> {
    const set = await startReplicaSet()
    try {
      const { url } = await set.scratch()
      return new ReplicatedDatabase(set, url)
    } catch (error) {
      await set.stop()
      throw error
    }
  }

  private constructor(set: ReplicaSet, url: string) {
    this.#set = set
    this.urls = [url]
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

  close(): Promise<void> {
    return this.#set.stop()
  }
}
