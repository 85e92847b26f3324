import { StorageErrors } from '@natter/core/contract'
import type { Bulk, DataStep, Kv, Log, Model, NativeStores, OwnedModel, Records, Storage } from '@natter/core/contract'
import type { Clock } from '@natter/core'
import { checkNamespace, modelRules, stepFailed } from '@natter/core/storage'
import type { Inventory } from '@natter/core/storage'
import type { Database, Session } from './database.js'
import { intentModel } from './intents/intent-model.js'
import { SqlIntents, intentOwner } from './intents/sql-intents.js'
import type { SqlNative } from './native.js'
import { refuseUnfinished, sqlBulk } from './sql-bulk.js'
import { sqlInventory } from './sql-inventory.js'
import { sqlKv, sweepKv } from './sql-kv.js'
import { sqlRecords } from './sql-records.js'
import { widenModel, widenStore } from './sql-schema.js'
import { statement } from './statement.js'

type Steps = readonly { readonly plugin: string; readonly step: DataStep }[]
/** What a store and its views inside a transaction share. */
interface Shared {
  readonly database: Database
  readonly clock: Pick<Clock, 'now'>
  /** Tables that were made or found as the models want them. */
  readonly prepared: Set<string>
}

/** The storage port over an SQL database. */
export class SqlStore implements Storage {
  readonly #shared: Shared
  /** Where statements run: the database, or one transaction of it. */
  readonly #session: Session
  #lastLook: number | undefined

  private constructor(shared: Shared, session: Session) {
    this.#shared = shared
    this.#session = session
  }

  static over(database: Database, clock: Pick<Clock, 'now'>): SqlStore {
    return new SqlStore({ database, clock, prepared: new Set() }, database)
  }

  get description(): string {
    return this.#shared.database.description
  }

  get durable(): boolean {
    return this.#shared.database.durable
  }

  get log(): Log {
    return this.#session.log
  }

  async prepare(models: readonly OwnedModel[], steps: Steps): Promise<void> {
    const { database, prepared } = this.#shared
    const own = { plugin: intentOwner, model: intentModel }
    const shapes = [...models, own].map(({ plugin, model }) => modelRules(plugin, model).shape)
    await database.exclusive(async (inside) => {
      await widenStore(database, inside)
      await refuseUnfinished(database, inside)
      for (const shape of shapes) await widenModel(database, inside, shape)
    })
    for (const shape of shapes) prepared.add(database.tables.model(shape.plugin, shape.name))
    for (const { plugin, step } of steps) await database.exclusive((inside) => this.#step(inside, plugin, step))
  }

  /** A data step and its line in the journal are one transaction: both are kept, or nothing. */
  async #step(inside: Session, plugin: string, step: DataStep): Promise<void> {
    const { knex, tables } = this.#shared.database
    const row = { plugin, id: step.id, at: this.#shared.clock.now() }
    const noted = await inside.write(statement(knex(tables.own('step')).insert(row).onConflict().ignore(), false))
    if (noted.changes === 0) return
    try {
      await step.up(new SqlStore(this.#shared, inside))
    } catch (cause) {
      throw stepFailed(plugin, step.id, cause, 'Nothing of it was kept.')
    }
  }

  records<M extends Model>(plugin: string, model: M): Records<M> {
    const rules = modelRules(plugin, model)
    const { database, prepared } = this.#shared
    const name = database.tables.model(plugin, model.name)
    return sqlRecords<M>(this.#session, database, rules, () => {
      if (prepared.has(name)) return
      throw StorageErrors.MODEL_INVALID({
        message: `The model ${rules.shape.label} was not prepared. List it in the plugin's models.`,
      })
    })
  }

  /** Messages that wait for the end of a transaction of the host. */
  intents(): SqlIntents {
    const { database, clock } = this.#shared
    const { knex, tables } = database
    return new SqlIntents({ knex, tables, clock, rows: this.records(intentOwner, intentModel) })
  }

  kv(namespace: string): Kv {
    const { database, clock } = this.#shared
    return sqlKv(this.#session, database, clock, checkNamespace(namespace))
  }

  get bulk(): Bulk {
    return sqlBulk(this.#shared.database)
  }

  /** What is in it, also of plugins that are not there now. Once it is prepared. */
  inventory(): Promise<Inventory> {
    return sqlInventory(this.#shared.database)
  }

  /** Removes expired values of key spaces that had expired at the last look too. Called once a minute. */
  async sweep(): Promise<void> {
    const now = this.#shared.clock.now()
    const before = this.#lastLook
    this.#lastLook = now
    if (before !== undefined) await sweepKv(this.#session, this.#shared.database, before, now)
  }

  async purge(): Promise<void> {
    await this.#shared.database.purge?.()
  }

  async probe(): Promise<void> {
    const { knex, tables } = this.#shared.database
    const row = { name: 'probe', value: this.#shared.clock.now() }
    await this.#session.write(statement(knex(tables.own('meta')).insert(row).onConflict('name').merge(), false))
  }

  native<K extends keyof NativeStores>(kind: K): NativeStores[K] | undefined {
    if (kind !== 'sql') return undefined
    const { dialect } = this.#shared.database
    const native: SqlNative = {
      dialect,
      read: (query) => this.#session.read(query),
      write: (query) => this.#session.write(query),
    }
    return native as NativeStores[K]
  }

  async close(): Promise<void> {
    await this.#shared.database.close()
  }
}
