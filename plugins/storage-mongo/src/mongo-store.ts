import { NatterError, StorageErrors } from '@natter/core/contract'
import type { Bulk, DataStep, Kv, Log, Model, NativeStores, OwnedModel, Records, Storage } from '@natter/core/contract'
import type { Clock } from '@natter/core'
import { checkNamespace, modelRules, stepFailed } from '@natter/core/storage'
import type { Inventory } from '@natter/core/storage'
import { Answers, written } from './answers.js'
import { Collections } from './collections.js'
import type { Stored } from './collections.js'
import type { MongoConfig } from './config.js'
import type { Connected } from './connect.js'
import { Fence } from './fence.js'
import { Gate } from './gate.js'
import { mongoBulk, refuseUnfinished } from './mongo-bulk.js'
import { MongoLog } from './log/mongo-log.js'
import { mongoInventory } from './mongo-inventory.js'
import { mongoKv, sweepKv } from './mongo-kv.js'
import type { KvDocument } from './mongo-kv.js'
import { mongoRecords } from './mongo-records.js'
import type { RowDocument } from './mongo-records.js'
import { widenModel, widenStore } from './mongo-schema.js'
import type { MongoNative } from './native.js'
import { exclusive } from './store-lock.js'
import type { MetaDocument } from './store-lock.js'

type Steps = readonly { readonly plugin: string; readonly step: DataStep }[]
/** A data step that was done. */
export type StepDocument = Stored<{ readonly plugin: string; readonly id: string }, { readonly at: number }>

/** The storage port over a MongoDB replica set. */
export class MongoStore implements Storage {
  readonly #connected: Connected
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>
  readonly #collections: Collections
  readonly #prefix: string
  readonly #answers: Answers
  readonly #gate: Gate
  readonly #fence: Fence
  readonly #log: MongoLog
  readonly bulk: Bulk
  /** Collections that were made or found as the models want them. */
  readonly #ready = new Set<string>()
  #lastLook: number | undefined
  #closing: Promise<void> | undefined

  constructor(
    connected: Connected,
    config: Pick<MongoConfig, 'prefix' | 'queue' | 'batch'>,
    clock: Pick<Clock, 'now' | 'monotonic'>,
  ) {
    const { prefix, queue, batch } = config
    this.#connected = connected
    this.#clock = clock
    this.#prefix = prefix
    this.#answers = new Answers(connected.client)
    this.#collections = new Collections(connected.db, prefix, this.#answers)
    const meta = this.#collections.of<MetaDocument>('meta', written)
    this.#fence = new Fence(connected.client, () =>
      meta.updateOne({ _id: 'fence' }, { $inc: { value: 1 } }, { upsert: true }),
    )
    this.#gate = new Gate(queue, this.#fence)
    this.#log = new MongoLog({
      client: connected.client,
      collections: this.#collections,
      gate: this.#gate,
      fence: this.#fence,
      batch,
      clock,
    })
    this.bulk = mongoBulk(this.#collections, this.#gate, this.#log)
  }

  get description(): string {
    return this.#connected.description
  }

  get durable(): boolean {
    return this.#connected.durable
  }

  get log(): Log {
    return this.#log
  }

  async prepare(models: readonly OwnedModel[], steps: Steps): Promise<void> {
    const shapes = models.map(({ plugin, model }) => modelRules(plugin, model).shape)
    const meta = this.#collections.of<MetaDocument>('meta')
    await this.#gate.run(() =>
      exclusive(meta, async () => {
        await refuseUnfinished(this.#collections)
        await widenStore(this.#collections)
        // the first that is refused is told when the others are done
        const widened = await Promise.allSettled(shapes.map((shape) => widenModel(this.#collections, shape)))
        for (const each of widened) if (each.status === 'rejected') throw each.reason
      }),
    )
    await this.#gate.run(() => this.#log.recover())
    for (const { plugin, name } of shapes) this.#ready.add(this.#collections.modelName(plugin, name))
    for (const { plugin, step } of steps) await this.#gate.run(() => exclusive(meta, () => this.#step(plugin, step)))
  }

  /** A step and its line in the journal are two writes: a step that was broken off is done again. */
  async #step(plugin: string, step: DataStep): Promise<void> {
    const journal = this.#collections.of<StepDocument>('steps')
    const _id = { plugin, id: step.id }
    if ((await journal.findOne({ _id: { $eq: _id } })) !== null) return
    try {
      await step.up(this)
    } catch (cause) {
      throw stepFailed(plugin, step.id, cause, 'What it had done stays.')
    }
    await journal.insertOne({ _id, at: this.#clock.now() })
  }

  records<M extends Model>(plugin: string, model: M): Records<M> {
    const rules = modelRules(plugin, model)
    const name = this.#collections.modelName(plugin, model.name)
    const collection = this.#collections.named<RowDocument>(name)
    return mongoRecords<M>(collection, this.#gate, rules, () => {
      if (this.#ready.has(name)) return
      throw StorageErrors.MODEL_INVALID({
        message: `The model ${rules.shape.label} was not prepared. List it in the plugin's models.`,
      })
    })
  }

  kv(namespace: string): Kv {
    const values = this.#collections.of<KvDocument>('kv')
    return mongoKv(values, this.#gate, this.#clock, checkNamespace(namespace))
  }

  /** What is in it, also of plugins that are not there now. Once it is prepared. */
  inventory(): Promise<Inventory> {
    return this.#gate.run(() => mongoInventory(this.#collections))
  }

  /** Removes expired values of key spaces that had expired at the last look too, and what the log is done with. Called once a minute. */
  async sweep(): Promise<void> {
    const now = this.#clock.now()
    const before = this.#lastLook
    this.#lastLook = now
    await this.#gate.run(async () => {
      if (before !== undefined) await sweepKv(this.#collections.of('kv'), before, now)
      await this.#log.sweep()
    })
  }

  async probe(): Promise<void> {
    await this.#gate.run(async () => {
      const meta = this.#collections.of<MetaDocument>('meta')
      await meta.updateOne({ _id: 'probe' }, { $set: { value: this.#clock.now() } }, { upsert: true })
    })
  }

  native<K extends keyof NativeStores>(kind: K): NativeStores[K] | undefined {
    if (kind !== 'mongo') return undefined
    const native: MongoNative = { db: this.#connected.db, prefix: this.#prefix }
    return native as NativeStores[K]
  }

  /** What was asked before is still done. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    await this.#gate.close()
    try {
      await this.#log.close()
    } catch (error) {
      // the next start applies it
      if (!NatterError.is(error) && !(error instanceof Error)) throw error
    } finally {
      this.#fence.close()
      this.#answers.close()
      await this.#connected.close()
    }
  }
}
