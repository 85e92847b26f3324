import { StorageErrors } from '@natter/core/contract'
import type { Within } from '@natter/core/contract'
import type { Knex } from 'knex'

/** A transaction of the host, as `sql` wrapped it. */
export class SqlWithin implements Within {
  readonly database = 'sql'
  readonly trx: Knex.Transaction

  constructor(trx: Knex.Transaction) {
    this.trx = trx
  }

  /** Resolves when the transaction has committed, with all in which it is nested; rejects when it has not. */
  async committed(): Promise<void> {
    for (let trx: Nested | undefined = this.trx; trx; trx = trx.parentTransaction) await trx.executionPromise
  }
}
type Nested = Pick<Knex.Transaction, 'executionPromise' | 'parentTransaction'>

/**
 * The host's open Knex transaction, for `within` of a send: the message is sent if and when it commits. It must be one of
 * the database that `storageSql` was given, and not have ended.
 *
 * @throws STORAGE_INVALID for anything else than an open transaction of Knex.
 * @example
 * await db.transaction((trx) => chat.as(user).send(to, { text }, { id, within: sql(trx) }))
 */
export function sql(trx: Knex.Transaction): Within {
  const given = trx as Partial<Knex.Transaction> | undefined | null
  if (given?.isTransaction !== true || typeof given.raw !== 'function') {
    throw StorageErrors.INVALID({
      message: 'sql(…) takes an open transaction of Knex: db.transaction((trx) => … within: sql(trx)).',
    })
  }
  if (trx.isCompleted()) {
    throw StorageErrors.INVALID({ message: 'The transaction given to sql(…) has ended. Send before it commits.' })
  }
  return new SqlWithin(trx)
}
