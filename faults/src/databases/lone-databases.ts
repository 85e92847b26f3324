import type { DatabaseKind, StartOptions } from '@natter/servers'
import type { Database } from './database.js'
import { LoneDatabase } from './lone-database.js'

/** The servers that a store stands on, one of each kind. */
export class LoneDatabases implements Database {
  readonly all: readonly LoneDatabase[]

  /** Opens all, or none. */
  static async open(
    kinds: readonly DatabaseKind[],
    options: (kind: DatabaseKind) => StartOptions = () => ({}),
  ): Promise<LoneDatabases> {
    const begun = await Promise.allSettled(kinds.map((kind) => LoneDatabase.open(kind, options(kind))))
    const opened = new LoneDatabases(begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])))
    const failed = begun.find((each) => each.status === 'rejected')
    if (!failed) return opened
    await opened.close()
    throw failed.reason
  }

  private constructor(all: readonly LoneDatabase[]) {
    this.all = all
  }

  get urls(): readonly string[] {
    return this.all.map(({ link }) => link.url)
  }

  /** None has ended. */
  get run(): boolean {
    return this.all.every(({ runs }) => runs)
  }

  /** Copies all data away; nobody is connected. */
  async backup(): Promise<void> {
    await Promise.all(this.all.map((each) => each.backup()))
  }

  /** Puts back what was copied away; nobody is connected. */
  async putBack(): Promise<void> {
    await Promise.all(this.all.map((each) => each.putBack()))
  }

  /** Starts those that have ended; how many that were. */
  async revive(): Promise<number> {
    const dead = this.all.filter(({ runs }) => !runs)
    await Promise.all(dead.map((each) => each.start()))
    return dead.length
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((each) => each.close()))
  }
}
