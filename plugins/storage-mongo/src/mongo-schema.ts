import { StorageErrors } from '@natter/core/contract'
import { lacking, modelChange, repeated, storedShape } from '@natter/core/storage'
import type { ModelShape, StoredShape } from '@natter/core/storage'
import type { IndexDescription } from 'mongodb'
import type { AnsweringCollection } from './answering-collection.js'
import type { Collections, Stored } from './collections.js'
import { MongoErrors } from './errors.js'
import { isDuplicate } from './faults.js'
import { logIndexes } from './log/documents.js'
import type { RowDocument } from './mongo-records.js'
import { rowPlaces } from './row-places.js'
import type { MetaDocument } from './store-lock.js'

/** The layout of the store's own collections. A later version adds steps from each earlier one. */
const version = 1

/** What the journal keeps of a model's collection: whose it is, and what its documents look like. */
export type SchemaDocument = Stored<
  string,
  { readonly plugin: string; readonly model: string; readonly shape: StoredShape }
>

const own: Readonly<Record<string, readonly IndexDescription[]>> = {
  ...logIndexes,
  kv: [{ name: 'expires', key: { e: 1 }, partialFilterExpression: { e: { $exists: true } } }],
  schema: [],
  steps: [],
}

/** Makes the store's own collections and indexes, or finds them. @throws STORAGE_MONGO_SCHEMA_NEWER */
export async function widenStore(collections: Collections): Promise<void> {
  const meta = collections.of<MetaDocument>('meta')
  const found = (await meta.findOne({ _id: 'schema' }))?.value ?? 0
  if (found > version) throw MongoErrors.SCHEMA_NEWER()
  if (found === version) return
  await Promise.all(
    Object.entries(own).map(([name, indexes]) => makeIndexes(collections, collections.name(name), indexes)),
  )
  await meta.updateOne({ _id: 'schema' }, { $set: { value: version } }, { upsert: true })
}

/** Makes or widens the collection of a model, and notes what it looks like now. */
export async function widenModel(collections: Collections, shape: ModelShape): Promise<void> {
  const name = collections.modelName(shape.plugin, shape.name)
  const journal = collections.of<SchemaDocument>('schema')
  const stored = await journal.findOne({ _id: name })
  if (stored && (stored.plugin !== shape.plugin || stored.model !== shape.name)) {
    throw StorageErrors.MODEL_INVALID({
      message: `The models ${shape.label} and ${stored.plugin}.${stored.model} would share the collection ${name}. Rename one of them.`,
    })
  }
  const rows = collections.named<RowDocument>(name)
  if (stored) {
    modelChange(stored.shape, shape)
    await requireFull(rows, shape)
  }
  await alignIndexes(collections, rows, shape, stored !== null)
  const note = { plugin: shape.plugin, model: shape.name, shape: storedShape(stored?.shape, shape) }
  await journal.replaceOne({ _id: name }, note, { upsert: true })
}

/** Rows from a time when a field was optional, given up or not there yet must not lack what is required now. */
async function requireFull(rows: AnsweringCollection<RowDocument>, shape: ModelShape): Promise<void> {
  const required = shape.columns.filter(({ name, optional }) => !optional && !shape.key.includes(name))
  if (required.length === 0) return
  const one = await rows.findOne({ $or: required.map(({ name }) => ({ [name]: { $exists: false } })) })
  if (one) lacking(shape, required.find(({ name }) => !(name in one))!.name)
}

const uniqueName = (columns: readonly string[]) => `ux_${columns.join('.')}`

/** The indexes of a model, by name. */
function indexesOf(shape: ModelShape): ReadonlyMap<string, IndexDescription> {
  const places = rowPlaces(shape)
  const wanted = new Map<string, IndexDescription>()
  const patterns = new Set(['_id'])
  // ends with the key, so that pages along it need no sorting
  const ordered = (columns: readonly string[]) => {
    const paths = [...new Set([...columns, ...shape.key])].map(places.of)
    const pattern = paths.join()
    if (patterns.has(pattern)) return
    patterns.add(pattern)
    const name = `ix_${columns.join('.')}`
    wanted.set(name, { name, key: Object.fromEntries(paths.map((path) => [path, 1])) })
  }
  ordered(shape.key)
  if (shape.terms !== undefined) {
    const behind = [...(shape.indexes[0]?.columns ?? []), ...shape.key]
    const key = Object.fromEntries([shape.terms, ...behind].map((column) => [places.of(column), 1]))
    const name = `terms_${behind.join('.')}`
    wanted.set(name, { name, key })
  }
  for (const { columns, unique } of shape.indexes) {
    if (!unique) {
      ordered(columns)
      continue
    }
    const name = uniqueName(columns)
    // rows that lack one of the columns are not in it, so pages need the other index too
    const present = Object.fromEntries(columns.map((column) => [places.of(column), { $exists: true }]))
    const key = Object.fromEntries(columns.map((column) => [places.of(column), 1] as const))
    wanted.set(name, { name, key, unique: true, partialFilterExpression: present })
    if (columns.length > 1) ordered(columns)
  }
  return wanted
}

/** Indexes follow the model: new ones first, as a unique one may be refused; those that are not declared any more go. */
async function alignIndexes(
  collections: Collections,
  rows: AnsweringCollection<RowDocument>,
  shape: ModelShape,
  stored: boolean,
): Promise<void> {
  const wanted = indexesOf(shape)
  const present = new Set(stored ? (await rows.indexes()).map(({ name }) => name) : [])
  const missing = [...wanted.values()].filter(({ name }) => !present.has(name))
  try {
    await makeIndexes(collections, rows.collectionName, missing)
  } catch (error) {
    if (!isDuplicate(error)) throw error
    const refused = Object.keys(error.keyPattern ?? {}).join()
    const index = missing.find(({ unique, key }) => unique && Object.keys(key).join() === refused)
    const columns = shape.indexes.find((each) => each.unique && index?.name === uniqueName(each.columns))?.columns
    if (columns) repeated(shape, columns)
    throw error
  }
  for (const name of present) {
    if (name !== undefined && name !== '_id_' && !wanted.has(name)) await rows.dropIndex(name)
  }
}

const namespaceExists = 48

/** Idempotent: makes the collection too. It compares text by its bytes. */
async function makeIndexes(
  collections: Collections,
  name: string,
  indexes: readonly IndexDescription[],
): Promise<void> {
  if (indexes.length > 0) {
    await collections.named(name).createIndexes([...indexes])
    return
  }
  await collections.create(name).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== namespaceExists) throw error
  })
}
