import type { Cell, Cells, Condition, ModelShape, Scan } from '@natter/core/storage'
import type { Terms } from '@natter/core/contract'
import type { Document } from 'mongodb'

/** Where the columns of a model are in its documents. */
export interface RowPlaces {
  /** The path of a column. */
  of(column: string): string
  /** `_id` of a row: the key itself where it has one column, else its columns in order, which counts when compared. */
  id(key: Cells): Cell | Cells
  document(cells: Cells): Document
  /** A cell as it stands in a document: terms are a list there, so that an index has each of them. */
  value(column: string, cell: Cell): Cell | readonly string[]
  cells(document: Document): Cells
  /** Values behind operators only, so that no value is ever taken for one. */
  filter(conditions: readonly Condition[]): Document[]
  /** Of each list one; a `*` at its end stands for all that begin so. */
  match(terms: Terms): Document[]
  /** What follows the last row of the page before. */
  behind(scan: Scan): Document[]
  sort(scan: Scan): Record<string, 1 | -1>
}

const operators = { eq: '$eq', gt: '$gt', gte: '$gte', lt: '$lt', lte: '$lte' } as const
/** Nothing in a term comes behind `z`. */
const beginning = (prefix: string) => ({ $gte: prefix.slice(0, -1), $lt: `${prefix.slice(0, -1)}{` })
const absent = { $exists: false }

const textOf = (stored: Cell | readonly string[]): Cell => (typeof stored === 'object' ? stored.join(' ') : stored)

/**
 * Columns of the key are in `_id`, which the database keeps unique by itself; the others are fields beside it. Model rules allow
 * no name that means something to the database.
 */
export function rowPlaces({ key, columns, indexes, terms }: ModelShape): RowPlaces {
  const inKey = new Set(key)
  const alone = key.length === 1 ? key[0] : undefined
  const of = (column: string) => (column === alone ? '_id' : inKey.has(column) ? `_id.${column}` : column)
  const others = columns.map(({ name }) => name).filter((name) => !inKey.has(name))
  /** Columns that alone tell every row that has them from every other. */
  const single = new Set(
    indexes.filter(({ columns, unique }) => unique && columns.length === 1).map((i) => i.columns[0]),
  )
  const id = (cells: Cells) =>
    alone === undefined ? Object.fromEntries(key.map((name) => [name, cells[name]!])) : cells[alone]!

  const value = (column: string, cell: Cell) => (column === terms ? String(cell).split(' ').filter(Boolean) : cell)

  return {
    of,
    id,
    value,
    document(cells) {
      const document: Document = { _id: id(cells) }
      for (const name of others) if (cells[name] !== undefined) document[name] = value(name, cells[name])
      return document
    },
    cells(document) {
      const stored = document as Record<string, Cell | readonly string[]>
      const own = alone === undefined ? (document['_id'] as Cells) : { [alone]: stored['_id'] as Cell }
      const cells: Record<string, Cell> = { ...own }
      for (const name of others) if (stored[name] !== undefined) cells[name] = textOf(stored[name])
      return cells
    },
    filter: (conditions) =>
      conditions.map(({ column, op, values }) => ({
        [of(column)]: op === 'in' ? { $in: values } : { [operators[op]]: values[0] },
      })),
    match: (asked) =>
      asked.map((list) => {
        const whole = list.filter((each) => !each.endsWith('*'))
        const any = list.flatMap((each) => (each.endsWith('*') ? [{ [terms!]: { $elemMatch: beginning(each) } }] : []))
        return { $or: [...(whole.length > 0 ? [{ [terms!]: { $in: whole } }] : []), ...any] }
      }),
    behind({ order, dir, after }) {
      if (after === undefined) return []
      const sign = dir === 'asc' ? '$gt' : '$lt'
      const any: Document[] = []
      order.forEach((column, place) => {
        const equal = order
          .slice(0, place)
          .map((name, i) => ({ [of(name)]: after[i] === null ? absent : { $eq: after[i] } }))
        const value = after[place]
        const past = (condition: Document) => any.push({ $and: [...equal, { [of(column)]: condition }] })
        // absent comes before everything
        if (value === null) {
          if (dir === 'asc') past({ $exists: true })
        } else {
          past({ [sign]: value })
          if (dir === 'desc' && !inKey.has(column)) past(absent)
        }
      })
      return any.length === 0 ? [{ _id: { $in: [] } }] : [{ $or: any }]
    },
    sort({ conditions, order, dir }) {
      // of one row there is nothing to sort
      if (conditions.some(({ column, op }) => op === 'eq' && single.has(column))) return {}
      const sign = dir === 'asc' ? 1 : -1
      const first = order[0]
      const enough = first !== undefined && single.has(first) ? [first] : order
      return Object.fromEntries(enough.map((name) => [of(name), sign]))
    },
  }
}
