import { StorageErrors } from '@natter/core/contract'
import type {
  AddOf,
  KeyOf,
  Model,
  One,
  Page,
  PageOptions,
  Records,
  RowFor,
  SetOf,
  Terms,
  Where,
} from '@natter/core/contract'
import type { Cells, Change, ModelRules } from '@natter/core/storage'
import type { Document } from 'mongodb'
import type { AnsweringCollection } from './answering-collection.js'
import { isDuplicate } from './faults.js'
import type { Gate } from './gate.js'
import { rowPlaces } from './row-places.js'

export type RowDocument = Document & { readonly _id: unknown }

/** What keeps a sum from leaving the range: an absent number counts as 0. */
const inRange = (path: string, add: number): Document => ({
  $or: [
    { [path]: { $exists: false } },
    { [path]: add > 0 ? { $lte: Number.MAX_SAFE_INTEGER - add } : { $gte: Number.MIN_SAFE_INTEGER - add } },
  ],
})

/** Rows of one model, one document each. `ready` throws while there is no collection. */
export function mongoRecords<M extends Model>(
  collection: AnsweringCollection<RowDocument>,
  gate: Gate,
  rules: ModelRules,
  ready: () => void,
): Records<M> {
  const { shape } = rules
  const places = rowPlaces(shape)
  const decode = (document: Document) => rules.decode(places.cells(document)) as RowFor<M>
  const maybe = (document: Document | null) => (document ? decode(document) : undefined)
  const at = (key: Cells): Document => ({ _id: { $eq: places.id(key) } })
  const all = (conditions: readonly Document[]): Document => (conditions.length === 0 ? {} : { $and: conditions })
  const prepared =
    <T>(request: () => Promise<T>) =>
    () => {
      ready()
      return request()
    }
  const run = <T>(request: () => Promise<T>) => gate.run(prepared(request))
  const read = <T>(request: () => Promise<T>) => gate.read(prepared(request))

  function update({ set, add }: Change): Document {
    const sets: Document = {}
    const unsets: Document = {}
    for (const [name, value] of Object.entries(set)) {
      if (value === null) unsets[places.of(name)] = ''
      else sets[places.of(name)] = places.value(name, value)
    }
    const adds = Object.fromEntries(Object.entries(add).map(([name, value]) => [places.of(name), value]))
    return {
      ...(Object.keys(sets).length > 0 && { $set: sets }),
      ...(Object.keys(unsets).length > 0 && { $unset: unsets }),
      ...(Object.keys(adds).length > 0 && { $inc: adds }),
    }
  }

  return {
    get: (key: KeyOf<M>) => read(async () => maybe(await collection.findOne(at(rules.key(key))))),
    insert: (row: RowFor<M>) =>
      run(async () => {
        try {
          await collection.insertOne(places.document(rules.row(row)) as RowDocument)
          return 'inserted'
        } catch (error) {
          if (isDuplicate(error)) return 'exists'
          throw error
        }
      }),
    upsert: (row: RowFor<M>) =>
      run(async () => {
        const { _id, ...fields } = places.document(rules.row(row))
        for (;;) {
          try {
            await collection.replaceOne({ _id: { $eq: _id } } as Document, fields, { upsert: true })
            return
          } catch (error) {
            // another caller stored the row first; now it is there to be replaced
            if (!isDuplicate(error) || error.keyPattern?.['_id'] === undefined) throw error
          }
        }
      }),
    updateIf: (one: One<M>, set: SetOf<M>, add?: AddOf<M>) =>
      run(async () => {
        const change = rules.change(set, add)
        const { key, conditions } = rules.one(one)
        const found = all([at(key), ...places.filter(conditions)])
        const changes = update(change)
        if (Object.keys(changes).length === 0) return maybe(await collection.findOne(found))
        const guards = Object.entries(change.add).map(([name, value]) => inRange(places.of(name), value))
        for (;;) {
          const changed = await collection.findOneAndUpdate(all([found, ...guards]), changes, {
            returnDocument: 'after',
          })
          if (changed !== null || guards.length === 0) return maybe(changed)
          // One look, because what meets a condition at one moment may not at the next.
          const row = await collection.findOne(found)
          if (row === null) return undefined
          const cells = places.cells(row)
          if (Object.entries(change.add).every(([name, add]) => Number.isSafeInteger(Number(cells[name] ?? 0) + add)))
            continue
          const names = Object.keys(change.add).join(', ')
          throw StorageErrors.INVALID({ message: `${shape.label}.${names} would leave the range below 2^53.` })
        }
      }),
    take: (one: One<M>) =>
      run(async () => {
        const { key, conditions } = rules.one(one)
        return maybe(await collection.findOneAndDelete(all([at(key), ...places.filter(conditions)])))
      }),
    page: (where: Where<M>, options?: PageOptions) => pageOf([], where, options),
    ...(shape.terms !== undefined && {
      match: async (terms: Terms, where: Where<M>, options?: PageOptions) =>
        pageOf(places.match(rules.terms(terms)), where, options),
    }),
    remove: (where: Where<M>) =>
      run(async () => (await collection.deleteMany(all(places.filter(rules.scan(where).conditions)))).deletedCount),
  }

  function pageOf(further: readonly Document[], where: Where<M>, options?: PageOptions) {
    return read(async (): Promise<Page<RowFor<M>>> => {
      const scan = rules.scan(where, options)
      const rows = await collection
        .find(all([...further, ...places.filter(scan.conditions), ...places.behind(scan)]))
        .sort(places.sort(scan))
        .limit(scan.limit + 1)
        .toArray()
      const page = rows.slice(0, scan.limit)
      return {
        rows: page.map(decode),
        next: rows.length > scan.limit ? rules.next(scan, places.cells(page.at(-1)!)) : undefined,
      }
    })
  }
}
