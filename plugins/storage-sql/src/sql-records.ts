import type { AddOf, KeyOf, Model, One, Page, PageOptions, Records, RowFor, SetOf, Where } from '@natter/core/contract'
import type { Cell, Cells, Condition, ModelRules, Scan } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Binding, Dialect, Session, Statement } from './database.js'
import { deleteReturning, statement } from './statement.js'

const operators = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function where(query: Knex.QueryBuilder, conditions: readonly Condition[]): Knex.QueryBuilder {
  for (const { column, op, values } of conditions) {
    if (op === 'in') query.whereIn(column, values)
    else query.where(column, operators[op], values[0]!)
  }
  return query
}

/** Rows behind the last of the page before. Absent values come before all others, as SQL's NULL does in ascending order. */
function behind(query: Knex.QueryBuilder, knex: Knex, { order, dir, after }: Scan): void {
  if (after === undefined) return
  const sign = dir === 'asc' ? '>' : '<'
  query.where((any) => {
    order.forEach((column, place) => {
      const value = after[place]!
      if (value === null && dir === 'desc') return
      any.orWhere((all) => {
        for (let i = 0; i < place; i++) {
          if (after[i] === null) all.whereNull(order[i]!)
          else all.where(order[i]!, after[i]!)
        }
        if (value === null) all.whereNotNull(column)
        else if (dir === 'asc') all.where(column, sign, value)
        else all.where((past) => past.where(column, sign, value).orWhereNull(column))
      })
    })
    if (dir === 'desc' && after.every((value) => value === null)) any.whereRaw('1 = 0')
  })
}

/** Rows of one model, by statements that Knex builds. `ready` throws while there is no table. */
export function sqlRecords<M extends Model>(
  session: Session,
  { knex, tables, orderBy }: Dialect,
  rules: ModelRules,
  ready: () => void,
): Records<M> {
  const { shape } = rules
  const table = tables.placed(tables.model(shape.plugin, shape.name))
  const names = shape.columns.map(({ name }) => name)
  const others = names.filter((name) => !shape.key.includes(name))

  const cellsOf = (row: readonly Binding[]): Cells => {
    const cells: Record<string, Cell> = {}
    names.forEach((name, place) => {
      const value = row[place]
      if (value !== null && value !== undefined) cells[name] = value
    })
    return cells
  }
  const decode = (row: readonly Binding[]) => rules.decode(cellsOf(row)) as RowFor<M>
  const first = (rows: readonly (readonly Binding[])[]) => (rows[0] ? decode(rows[0]) : undefined)

  /**
   * Statements that are the same for every row are built once, with each column's name in its value's place: so the
   * order of the bindings is known, whatever order Knex puts them in.
   */
  const prepared = (build: () => Statement) => {
    let made: Statement | undefined
    return (cells: Cells): Statement => {
      made ??= build()
      return { ...made, bindings: made.bindings.map((name) => cells[name as string] ?? null) }
    }
  }
  const named = (list: readonly string[]) => Object.fromEntries(list.map((name) => [name, name]))
  const byKey = prepared(() => statement(knex(table).select(names).where(named(shape.key)), true))
  const insertNew = prepared(() => statement(knex(table).insert(named(names)).onConflict().ignore(), false))
  const insertOver = prepared(() => {
    const insert = knex(table)
      .insert(named(names))
      .onConflict([...shape.key])
    return statement(others.length > 0 ? insert.merge(others) : insert.ignore(), false)
  })
  const takeByKey = prepared(() => deleteReturning(knex, knex(table).where(named(shape.key)), names))

  return {
    async get(key: KeyOf<M>) {
      ready()
      const { rows } = await session.read(byKey(rules.key(key)))
      return first(rows)
    },
    async insert(row: RowFor<M>) {
      ready()
      const { changes } = await session.write(insertNew(rules.row(row)))
      return changes > 0 ? 'inserted' : 'exists'
    },
    async upsert(row: RowFor<M>) {
      ready()
      await session.write(insertOver(rules.row(row)))
    },
    async updateIf(one: One<M>, set: SetOf<M>, add?: AddOf<M>) {
      ready()
      const change = rules.change(set, add)
      const { key, conditions } = rules.one(one)
      const query = where(knex(table).where(key), conditions)
      const values: Record<string, unknown> = { ...change.set }
      for (const [name, value] of Object.entries(change.add))
        values[name] = knex.raw('coalesce(??, 0) + ?', [name, value])
      if (Object.keys(values).length === 0)
        return first((await session.read(statement(query.select(names), true))).rows)
      return first((await session.write(statement(query.update(values).returning(names), true))).rows)
    },
    async take(one: One<M>) {
      ready()
      const { key, conditions } = rules.one(one)
      const taken =
        conditions.length === 0
          ? takeByKey(key)
          : deleteReturning(knex, where(knex(table).where(key), conditions), names)
      return first((await session.write(taken)).rows)
    },
    // #region page
    async page(condition: Where<M>, options?: PageOptions): Promise<Page<RowFor<M>>> {
      ready()
      const scan = rules.scan(condition, options)
      const query = where(knex(table).select(names), scan.conditions)
      behind(query, knex, scan)
      for (const column of scan.order) query.orderByRaw(orderBy(column, scan.dir, shape.key.includes(column)))
      query.limit(scan.limit + 1)
      const { rows } = await session.read(statement(query, true))
      const page = rows.slice(0, scan.limit)
      return {
        rows: page.map(decode),
        next: rows.length > scan.limit ? rules.next(scan, cellsOf(page.at(-1)!)) : undefined,
      }
    },
    // #endregion
    async remove(condition: Where<M>) {
      ready()
      const { conditions } = rules.scan(condition)
      return (await session.write(statement(where(knex(table), conditions).delete(), false))).changes
    },
  }
}
