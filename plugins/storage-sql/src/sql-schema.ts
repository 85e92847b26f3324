import { NatterError, StorageErrors } from '@natter/core/contract'
import { lacking, modelChange, repeated, storedShape } from '@natter/core/storage'
import type { Column, ModelShape, StoredShape } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Database, Index, Session, Statement } from './database.js'
import { SqlErrors } from './errors.js'
import { statement } from './statement.js'

/** Characters that fit in an index, whatever they are: as many as a model may declare. */
const indexedMost = 760

/** What the journal keeps of a model's table: whose it is, what it looks like, and the indexes made for it. */
interface Stored extends StoredShape {
  readonly indexes: readonly string[]
  /** Indexes that were being made or dropped: they may be there or not. */
  readonly moving?: readonly string[]
  /** How long the texts in its key and its indexes may be. */
  readonly limits?: Limits
}
type Limits = Readonly<Record<string, number>>

async function run(session: Session, statements: readonly Statement[]): Promise<void> {
  for (const each of statements) await session.write(each)
}

/** Brings the store's own tables to this version. */
export async function widenStore({ knex, tables, meta, versions }: Database, inside: Session): Promise<void> {
  await inside.write(meta)
  const { rows } = await inside.read(
    statement(knex(tables.own('meta')).select('value').where({ name: 'schema' }), true),
  )
  const version = Number(rows[0]?.[0] ?? 0)
  if (version > versions.length) throw SqlErrors.SCHEMA_NEWER()
  if (version === versions.length) return
  await run(inside, versions.slice(version).flat())
  const row = knex(tables.own('meta')).insert({ name: 'schema', value: versions.length }).onConflict('name').merge()
  await inside.write(statement(row, false))
}

/** Creates or widens the table of a model, and notes what it looks like now. */
export async function widenModel(database: Database, inside: Session, shape: ModelShape): Promise<void> {
  const { knex, tables } = database
  const name = tables.model(shape.plugin, shape.name)
  const table = tables.placed(name)
  const stored = await journalled(database, inside, name, shape)
  const made = stored ?? { ...storedShape(undefined, shape), indexes: [], limits: limitsOf(shape) }
  if (stored === undefined) {
    await run(inside, database.createTable(table, shape))
    const there = await database.columnsOf?.(inside, table)
    const missing = there ? shape.columns.filter((column) => !there.includes(column.name)) : []
    await run(inside, database.addColumns(table, missing, shape))
  } else {
    const { added } = modelChange(stored, shape)
    const fresh = shape.columns.filter((column) => added.includes(column.name))
    await requireFull(knex, inside, table, shape, fresh)
    if (fresh.length > 0) await run(inside, database.addColumns(table, fresh, shape))
  }
  const note = (indexes: readonly string[], limits: Limits, moving: readonly string[] = []) => {
    const now: Stored = { ...storedShape(made, shape), indexes, limits, ...(moving.length > 0 && { moving }) }
    const row = { name, plugin: shape.plugin, model: shape.name, shape: JSON.stringify(now) }
    const noted = knex(tables.own('schema')).insert(row).onConflict('name').merge(['shape'])
    return inside.write(statement(noted, false))
  }
  const wanted = indexesOf(shape).map((index) => tables.index(name, index.columns, index.unique))
  const stay = made.indexes.filter((index) => wanted.includes(index))
  const changing = [...made.indexes, ...wanted].filter((index) => !stay.includes(index))
  const moving = [...new Set([...(made.moving ?? []), ...changing])]
  // Where a change of the schema is no part of a transaction, the next start must know what is made so far, and what this
  // one was at: of that nobody knows then whether it is there.
  if (database.columnsOf) await note(stay, made.limits ?? {}, moving)
  const { indexes, limits } = await alignIndexes(database, inside, name, shape, {
    ...made,
    indexes: stay,
    moving: moving.filter((index) => !wanted.includes(index)),
  })
  await note(indexes, limits)
}

async function journalled(
  { knex, tables }: Database,
  inside: Session,
  table: string,
  shape: ModelShape,
): Promise<Stored | undefined> {
  const query = knex(tables.own('schema'))
    .select('plugin', 'model', 'shape')
    .whereRaw('lower(name) = ?', [table.toLowerCase()])
  const [row] = (await inside.read(statement(query, true))).rows
  if (row === undefined) return undefined
  const [plugin, model, text] = row as readonly [string, string, string]
  if (plugin === shape.plugin && model === shape.name) return JSON.parse(text) as Stored
  throw StorageErrors.MODEL_INVALID({
    message: `The models ${shape.label} and ${plugin}.${model} would share the table ${table}. Rename one of them.`,
  })
}

/** Rows from a time when a field was optional, given up or not there yet must not lack what is required now. */
async function requireFull(
  knex: Knex,
  inside: Session,
  table: string,
  shape: ModelShape,
  fresh: readonly Column[],
): Promise<void> {
  for (const column of shape.columns) {
    const { name, optional } = column
    if (optional || shape.key.includes(name)) continue
    const rows = knex(table).select(knex.raw('1')).limit(1)
    const lacks = fresh.includes(column) ? rows : rows.whereNull(name)
    if ((await inside.read(statement(lacks, true))).rows.length > 0) lacking(shape, name)
  }
}

/** How long the texts in keys and indexes may be. */
function limitsOf({ columns, key, indexes }: ModelShape): Limits {
  const indexed = new Set([...key, ...indexes.flatMap((index) => index.columns)])
  return Object.fromEntries(
    columns.flatMap(({ name, max }) => (max !== undefined && indexed.has(name) ? [[name, max]] : [])),
  )
}

/** Columns of text whose room is not what the model wants now. What has too much room keeps it. */
function misfits({ columns }: ModelShape, before: Limits, now: Limits): readonly Column[] {
  return columns.filter(({ name }) =>
    before[name] === undefined ? now[name] !== undefined : (now[name] ?? Infinity) > before[name],
  )
}

/** What is left of the key behind the columns of an index, if it fits in the index too. */
function roomFor({ columns, key }: ModelShape, indexed: readonly string[]): readonly string[] {
  const rest = key.filter((name) => !indexed.includes(name))
  const all = columns.filter(({ name }) => indexed.includes(name) || rest.includes(name))
  return all.reduce((sum, { max = 2 }) => sum + max, 0) > indexedMost ? [] : rest
}

/** Those that are declared, and that of the terms. */
const indexesOf = ({ indexes, terms }: ModelShape): readonly Omit<Index, 'name' | 'rest'>[] =>
  terms === undefined ? indexes : [...indexes, { columns: [terms], unique: false, terms: true }]

/** Indexes follow the model: those that are not declared any more go. */
async function alignIndexes(
  database: Database,
  inside: Session,
  name: string,
  shape: ModelShape,
  { indexes: present, moving: gone = [], limits: before = {} }: Stored,
): Promise<{ readonly indexes: readonly string[]; readonly limits: Limits }> {
  const { tables } = database
  const table = tables.placed(name)
  const wanted = indexesOf(shape).map((index) => ({
    ...index,
    name: tables.index(name, index.columns, index.unique),
    rest: roomFor(shape, index.columns),
  }))
  for (const index of gone) await run(inside, database.dropIndex(table, index))
  const now = limitsOf(shape)
  if (database.widenColumns) await run(inside, database.widenColumns(table, misfits(shape, before, now), shape))
  for (const index of wanted.filter((each) => !present.includes(each.name))) {
    await run(inside, database.createIndex(table, index, shape)).catch((error: unknown) => {
      if (index.unique && NatterError.is(error) && error.code === 'STORAGE_EXISTS')
        return repeated(shape, index.columns)
      throw error
    })
  }
  const limits = Object.entries(now).map(([column, max]) => [column, Math.max(max, before[column] ?? 0)] as const)
  return { indexes: wanted.map((index) => index.name), limits: Object.fromEntries(limits) }
}
