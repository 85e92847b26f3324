import { StorageErrors } from '@natter/core/contract'
import type { Bulk, DataStep, Kv, Model, NativeStores, OwnedModel, Records, Storage } from '@natter/core/contract'
import type { Clock } from '@natter/core'
import { checkNamespace, modelRules, stepFailed } from '@natter/core/storage'
import type { Inventory } from '@natter/core/storage'
import { memoryBulk } from './memory-bulk.js'
import type { Copying } from './memory-bulk.js'
import { memoryKv } from './memory-kv.js'
import type { MemoryValues } from './memory-kv.js'
import { MemoryLog } from './memory-log.js'
import type { LogState } from './memory-log.js'
import { memoryRecords, MemoryTable } from './memory-records.js'

/**
 * The storage port in memory, by the same rules as every backend. What is in it goes with the process.
 *
 * @example
 * const storage = new MemoryStore({ clock })
 * await storage.prepare([{ plugin: 'poll', model: ballot }], [])
 */
export class MemoryStore implements Storage {
  readonly description = 'memory (nothing is kept)'
  readonly durable = false
  readonly log: MemoryLog
  readonly bulk: Bulk
  readonly #clock: Pick<Clock, 'now'>
  readonly #tables = new Map<string, MemoryTable>()
  readonly #spaces = new Map<string, MemoryValues>()
  /** When each was done. */
  readonly #steps = new Map<string, number>()
  readonly #copying: Copying = { source: undefined, place: undefined }
  #closed = false

  constructor(options: { readonly clock: Pick<Clock, 'now'> }) {
    this.#clock = options.clock
    const log: LogState = { conversations: new Map(), byUser: new Map(), incarnations: [], mark: 0 }
    this.log = new MemoryLog(log, this.#open)
    const state = { log, tables: this.#tables, spaces: this.#spaces, steps: this.#steps, copying: this.#copying }
    this.bulk = memoryBulk(state, this.#open)
  }

  readonly #open = () => {
    if (this.#closed) throw StorageErrors.CLOSED()
  }

  async prepare(
    models: readonly OwnedModel[],
    steps: readonly { readonly plugin: string; readonly step: DataStep }[],
  ): Promise<void> {
    this.#open()
    if (this.#copying.source !== undefined) throw StorageErrors.UNFINISHED()
    for (const { plugin, model } of models) {
      const rules = modelRules(plugin, model)
      const known = this.#tables.get(rules.shape.label)
      if (known) known.change(rules)
      else this.#tables.set(rules.shape.label, new MemoryTable(rules))
    }
    for (const { plugin, step } of steps) {
      const id = JSON.stringify([plugin, step.id])
      if (this.#steps.has(id)) continue
      await step.up(this).catch((cause: unknown) => {
        throw stepFailed(plugin, step.id, cause, 'What it had done stays.')
      })
      this.#steps.set(id, this.#clock.now())
    }
  }

  records<M extends Model>(plugin: string, model: M): Records<M> {
    const rules = modelRules(plugin, model)
    return memoryRecords<M>(rules, () => {
      this.#open()
      const table = this.#tables.get(rules.shape.label)
      if (table) return table
      throw StorageErrors.MODEL_INVALID({
        message: `The model ${rules.shape.label} was not prepared. List it in the plugin's models.`,
      })
    })
  }

  kv(namespace: string): Kv {
    const values = this.#spaces.get(checkNamespace(namespace)) ?? new Map()
    this.#spaces.set(namespace, values)
    return memoryKv(this.#clock, values, this.#open)
  }

  /** What is in it, also of plugins that are not there now. */
  async inventory(): Promise<Inventory> {
    this.#open()
    const tables = [...this.#tables.values()].filter(({ rows }) => rows.size > 0)
    const spaces = [...this.#spaces].filter(([, values]) => values.size > 0)
    return {
      models: tables.map(({ rules: { shape } }) => ({ plugin: shape.plugin, model: shape.name })),
      keys: [...new Set(spaces.map(([space]) => space.split('.', 1)[0]!))],
    }
  }

  async probe(): Promise<void> {
    this.#open()
  }

  native<K extends keyof NativeStores>(_kind: K): NativeStores[K] | undefined {
    return undefined
  }

  close(): void {
    this.#closed = true
  }
}
