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
import type { Cell, Cells, ModelRules, Scan } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Binding, Dialect, Session } from './database.js'
import { named, prepared, where } from './row-writes.js'
import { statement } from './statement.js'

/** Rows behind the last of the page before. Absent values come before all others, as SQL's NULL does in ascending order. */
function behind(query: Knex.QueryBuilder, key: readonly string[], { order, dir, after }: Scan): void {
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
        else if (dir === 'asc' || key.includes(column)) all.where(column, sign, value)
        else all.where((past) => past.where(column, sign, value).orWhereNull(column))
      })
    })
    if (dir === 'desc' && after.every((value) => value === null)) any.whereRaw('1 = 0')
  })
}

/** Rows of one model, by statements that Knex builds. `ready` throws while there is no table. */
export function sqlRecords<M extends Model>(
  session: Session,
  { knex, tables, orderBy, rowWrites, matching }: Dialect,
  rules: ModelRules,
  ready: () => void,
): Records<M> {
  const { shape } = rules
  const table = tables.placed(tables.model(shape.plugin, shape.name))
  const names = shape.columns.map(({ name }) => name)
  const writes = rowWrites(session, { table, names, key: shape.key })

  const cellsOf = (row: readonly Binding[]): Cells => {
    const cells: Record<string, Cell> = {}
    names.forEach((name, place) => {
      const value = row[place]
      if (value !== null && value !== undefined) cells[name] = value
    })
    return cells
  }
  const decode = (row: readonly Binding[]) => rules.decode(cellsOf(row)) as RowFor<M>
  const found = (row: readonly Binding[] | undefined) => row && decode(row)
  const byKey = prepared(() => statement(knex(table).select(names).where(named(shape.key)), true))

  // #region page
  async function pageOf(scan: Scan, query: Knex.QueryBuilder, long = false): Promise<Page<RowFor<M>>> {
    behind(query, shape.key, scan)
    for (const column of scan.order) query.orderByRaw(orderBy(column, scan.dir, shape.key.includes(column)))
    query.limit(scan.limit + 1)
    const { rows } = await session.read(long ? { ...statement(query, true), long } : statement(query, true))
    const page = rows.slice(0, scan.limit)
    return {
      rows: page.map(decode),
      next: rows.length > scan.limit ? rules.next(scan, cellsOf(page.at(-1)!)) : undefined,
    }
  }
  // #endregion

  return {
    async get(key: KeyOf<M>) {
      ready()
      return found((await session.read(byKey(rules.key(key)))).rows[0])
    },
    async insert(row: RowFor<M>) {
      ready()
      return (await writes.insert(rules.row(row))) ? 'inserted' : 'exists'
    },
    async upsert(row: RowFor<M>) {
      ready()
      await writes.insertOver(rules.row(row))
    },
    async updateIf(one: One<M>, set: SetOf<M>, add?: AddOf<M>) {
      ready()
      const change = rules.change(set, add)
      const of = rules.one(one)
      const values: Record<string, unknown> = { ...change.set }
      for (const [name, value] of Object.entries(change.add))
        values[name] = knex.raw('coalesce(??, 0) + ?', [name, value])
      if (Object.keys(values).length > 0) return found(await writes.update(of, values))
      const query = where(knex(table).where(of.key), of.conditions).select(names)
      return found((await session.read(statement(query, true))).rows[0])
    },
    async take(one: One<M>) {
      ready()
      return found(await writes.take(rules.one(one)))
    },
    async page(condition: Where<M>, options?: PageOptions): Promise<Page<RowFor<M>>> {
      ready()
      const scan = rules.scan(condition, options)
      return pageOf(scan, where(knex(table).select(names), scan.conditions))
    },
    ...(shape.terms !== undefined && {
      async match(asked: Terms, condition: Where<M>, options?: PageOptions) {
        ready()
        const [terms, scan] = [rules.terms(asked), rules.scan(condition, options)]
        const query = where(knex(table).select(names), scan.conditions)
        const index = tables.placed(tables.index(tables.model(shape.plugin, shape.name), [shape.terms!], false))
        matching(query, { index, column: shape.terms! }, terms)
        return pageOf(scan, query, true)
      },
    }),
    async remove(condition: Where<M>) {
      ready()
      const { conditions } = rules.scan(condition)
      return (await session.write(statement(where(knex(table), conditions).delete(), false))).changes
    },
  }
}
