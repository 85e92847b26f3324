import type { Cells, Condition } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Binding, Session, Statement } from './database.js'
import { deleteReturning, statement } from './statement.js'

/** A table of rows: its name as Knex takes it, its columns and its key. */
export interface RowTable {
  readonly table: string
  readonly names: readonly string[]
  readonly key: readonly string[]
}
/** One row, if it meets the conditions. */
export interface OneRow {
  readonly key: Cells
  readonly conditions: readonly Condition[]
}
type Row = readonly Binding[]

/** What writes rows. Each is atomic. */
export interface RowWrites {
  /** Whether it was stored: another row may have its key or its unique values. */
  insert(cells: Cells): Promise<boolean>
  /** Stores the row whole, also over another with its key; with a condition only if that one meets it. */
  insertOver(cells: Cells, over?: Condition): Promise<boolean>
  /** The row as it is then. */
  update(one: OneRow, values: Readonly<Record<string, unknown>>): Promise<Row | undefined>
  take(one: OneRow): Promise<Row | undefined>
}

const operators = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

export function where(query: Knex.QueryBuilder, conditions: readonly Condition[]): Knex.QueryBuilder {
  for (const { column, op, values } of conditions) {
    if (op === 'in') query.whereIn(column, values)
    else query.where(column, operators[op], values[0]!)
  }
  return query
}

/**
 * Statements that are the same for every row are built once, with each column's name in its value's place: so the order of
 * the bindings is known, whatever order Knex puts them in.
 */
export function prepared(build: () => Statement): (cells: Cells) => Statement {
  let made: Statement | undefined
  return (cells) => {
    made ??= build()
    return { ...made, bindings: made.bindings.map((name) => cells[name as string] ?? null) }
  }
}
export const named = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, name]))

/** Each in one statement, which SQLite and PostgreSQL know how to say. */
export function rowWrites(session: Session, knex: Knex, { table, names, key }: RowTable): RowWrites {
  const others = names.filter((name) => !key.includes(name))
  const insertNew = prepared(() => statement(knex(table).insert(named(names)).onConflict().ignore(), false))
  const insertOver = (over?: Condition) => {
    const insert = knex(table)
      .insert(named(names))
      .onConflict([...key])
    if (others.length === 0) return insert.ignore()
    const merged = insert.merge(others)
    return over ? where(merged, [{ ...over, column: `${table}.${over.column}`, values: ['over'] }]) : merged
  }
  const over = prepared(() => statement(insertOver(), false))
  const overIf = new Map<string, ReturnType<typeof prepared>>()
  const takeByKey = prepared(() => deleteReturning(knex, knex(table).where(named(key)), names))

  return {
    async insert(cells) {
      return (await session.write(insertNew(cells))).changes > 0
    },
    async insertOver(cells, condition) {
      if (!condition) return (await session.write(over(cells))).changes > 0
      const { column, op, values } = condition
      let made = overIf.get(column + op)
      if (!made) overIf.set(column + op, (made = prepared(() => statement(insertOver(condition), false))))
      return (await session.write(made({ ...cells, over: values[0]! }))).changes > 0
    },
    async update({ key: of, conditions }, values) {
      const query = where(knex(table).where(of), conditions).update(values)
      return (await session.write(statement(query.returning([...names]), true))).rows[0]
    },
    async take({ key: of, conditions }) {
      const taken =
        conditions.length === 0 ? takeByKey(of) : deleteReturning(knex, where(knex(table).where(of), conditions), names)
      return (await session.write(taken)).rows[0]
    },
  }
}
