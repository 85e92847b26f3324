import { StorageErrors } from '@natter/core/contract'
import type { Intent, Intents, PendingIntent, Records, Within } from '@natter/core/contract'
import { newId } from '@natter/core'
import type { Clock } from '@natter/core'
import { modelRules } from '@natter/core/storage'
import type { Dialect } from '../database.js'
import { intentModel } from './intent-model.js'
import { SqlWithin } from './sql-within.js'

/** Whose model it is: the store's own, prepared with the tables. */
export const intentOwner = 'storage-sql'
const rules = modelRules(intentOwner, intentModel)

export interface SqlIntentsParts extends Pick<Dialect, 'knex' | 'tables'> {
  readonly clock: Pick<Clock, 'now'>
  readonly rows: Records<typeof intentModel>
}

/** Intents in the tables of this store, written by the host's own connection. */
export class SqlIntents implements Intents {
  readonly #parts: SqlIntentsParts
  readonly #table: string
  readonly #told = new WeakSet<object>()
  #wake: (() => void) | undefined
  #last = 0

  constructor(parts: SqlIntentsParts) {
    this.#parts = parts
    this.#table = parts.tables.placed(parts.tables.model(intentOwner, intentModel.name))
  }

  async write(within: Within, intent: Intent): Promise<void> {
    if (!(within instanceof SqlWithin)) {
      throw StorageErrors.INVALID({
        message: `A transaction of "${within.database}" cannot hold a message of an SQL store: wrap one of Knex, sql(trx).`,
      })
    }
    const { from: sender, conversation, clientId, at, body, digest, peer } = intent
    const row = { id: this.#nextId(), at, conversation, sender, clientId, body, digest, ...(peer && { peer }) }
    // Built here and run there: the host's Knex may have its own way with names.
    const { sql, bindings } = this.#parts.knex(this.#table).insert(rules.row(row)).toSQL()
    try {
      await within.trx.raw(sql, bindings as readonly string[])
    } catch (cause) {
      throw StorageErrors.UNAVAILABLE({
        message:
          'The message could not be written in your transaction.\n' +
          '  It must be open, and one of the database that storageSql was given.',
        cause,
      })
    }
    this.#follow(within)
  }

  async pending(limit: number): Promise<readonly PendingIntent[]> {
    const { rows } = await this.#parts.rows.page({ id: { gte: '0' } }, { limit })
    return rows.map(({ sender: from, ...row }) => ({ ...row, from }))
  }

  async done(id: string): Promise<void> {
    await this.#parts.rows.take({ id })
  }

  onCommit(wake: () => void): void {
    this.#wake = wake
  }

  /** One look for all that a transaction wrote. */
  #follow(within: SqlWithin): void {
    if (this.#told.has(within.trx)) return
    this.#told.add(within.trx)
    within.committed().then(
      () => this.#wake?.(),
      // It was rolled back: there is nothing to send, and its failure is the host's to see.
      () => undefined,
    )
  }

  /** Ascending in this process, also when the clock does not: a time in 1,024ths of a ms, and a random end. */
  #nextId(): string {
    this.#last = Math.max(this.#last + 1, this.#parts.clock.now() * 1_024)
    return this.#last.toString(36).padStart(11, '0') + newId().slice(0, 8)
  }
}
