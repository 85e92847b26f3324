import { StorageErrors } from '../contract/storage-errors.js'
import type { Model } from '../contract/model.js'
import type { PageOptions, Terms } from '../contract/storage.js'
import { cursorText, cursorValues } from './cursor.js'
import { modelShape } from './model-shape.js'
import type { Column, ModelShape } from './model-shape.js'
import { checkId, checkInt, checkText, invalid, isPlain, jsonText } from './values.js'

/** A value as databases hold it: text, JSON text, a whole number, 0 or 1. */
export type Cell = string | number
/** A row as databases hold it. What is absent has no property. */
export type Cells = Readonly<Record<string, Cell>>

/** A condition on one column, its values as cells. */
export interface Condition {
  readonly column: string
  readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte' | 'in'
  /** For `in` the values without repeats, else one. */
  readonly values: readonly Cell[]
}
/** New cells of a row, what is removed from it, and what is added to numbers. */
export interface Change {
  /** `null` removes. */
  readonly set: Readonly<Record<string, Cell | null>>
  readonly add: Readonly<Record<string, number>>
}
/** Rows to look for, by an index that was found for them. */
export interface Scan {
  readonly conditions: readonly Condition[]
  /** The columns that the rows are ordered by; together they tell every row from every other. Absent comes first. */
  readonly order: readonly string[]
  readonly dir: 'asc' | 'desc'
  readonly limit: number
  /** Where the page before ended: values of `order`, `null` for absent. */
  readonly after: readonly (Cell | null)[] | undefined
}

/** The checks of one model, and the way of its rows to cells and back. Everything throws STORAGE_INVALID by field. */
export interface ModelRules {
  readonly shape: ModelShape
  row(row: unknown): Cells
  key(key: unknown): Cells
  one(one: unknown): { readonly key: Cells; readonly conditions: readonly Condition[] }
  change(set: unknown, add: unknown): Change
  /** @throws STORAGE_NOT_INDEXED where no index serves the condition. */
  scan(where: unknown, options?: PageOptions): Scan
  /** @throws STORAGE_INVALID */
  terms(terms: unknown): Terms
  /** The `next` of a page that ends with this row. */
  next(scan: Scan, last: Cells): string
  decode(cells: Cells): Record<string, unknown>
}

const ranges: ReadonlySet<string> = new Set(['gt', 'gte', 'lt', 'lte'])

function encode(where: string, column: Column, value: unknown): Cell {
  switch (column.type) {
    case 'id':
      return checkText(where, checkId(where, value), column.max)
    case 'text':
      return checkText(where, value, column.max)
    case 'int':
    case 'time':
      return checkInt(where, value)
    case 'bool':
      return typeof value === 'boolean' ? Number(value) : invalid(where, 'must be true or false')
    case 'json':
      return checkText(where, jsonText(where, value), column.max)
  }
}

/** The end of a range need not be an id itself. */
function bound(where: string, column: Column, value: unknown): Cell {
  return column.type === 'id' ? checkText(where, value, column.max) : encode(where, column, value)
}

function decodeCell(type: Column['type'], cell: Cell): unknown {
  if (type === 'bool') return cell === 1
  return type === 'json' ? JSON.parse(cell as string) : cell
}

const term = '_[a-z0-9_]{2,79}'
const stored = new RegExp(`^${term}$`)
const asked = new RegExp(`^(?:${term}|_[a-z0-9_]{1,79}\\*)$`)
const mostLists = 32
const mostTerms = 1_200

function checkTerms(where: string, text: Cell): Cell {
  if (
    text === '' ||
    String(text)
      .split(' ')
      .every((each) => stored.test(each))
  )
    return text
  return invalid(where, 'must be terms: each _ and 2 to 79 of a-z 0-9 _, with single spaces between')
}

function checkedTerms({ label, terms: column }: ModelShape, given: unknown): Terms {
  const where = `${label}: terms`
  if (column === undefined) return invalid(where, 'are not declared by the model')
  const lists = Array.isArray(given) ? (given as readonly unknown[]) : []
  if (lists.length < 1 || lists.length > mostLists) return invalid(where, `must be 1 to ${mostLists} lists`)
  let count = 0
  for (const list of lists) {
    if (!Array.isArray(list) || list.length === 0) return invalid(where, 'must be lists of terms')
    count += list.length
    for (const each of list as readonly unknown[]) {
      if (typeof each !== 'string' || !asked.test(each)) return invalid(where, 'has something that is not a term')
    }
  }
  return count <= mostTerms ? (lists as Terms) : invalid(where, `must be at most ${mostTerms}`)
}

/**
 * Everything that backends decide alike about one model: what its rows, keys, conditions and changes may be, and how
 * they become cells.
 */
export function modelRules(plugin: string, model: Model): ModelRules {
  const shape = modelShape(plugin, model)
  const { label, key: keyNames } = shape
  const columns = new Map(shape.columns.map((column) => [column.name, column]))
  const inKey = new Set(keyNames)
  const paths = [{ columns: keyNames }, ...shape.indexes]

  const encoded = (where: string, column: Column, value: unknown) =>
    column.name === shape.terms ? checkTerms(where, encode(where, column, value)) : encode(where, column, value)
  const object = (what: string, value: unknown) =>
    isPlain(value) ? value : invalid(label, `needs an object as ${what}`)
  const at = (name: string) => `${label}.${name}`
  const columnOf = (name: string) => columns.get(name) ?? invalid(at(name), 'is not a field of the model')

  function mustCompare(where: string, { name, type }: Column): void {
    if (type === 'json') invalid(where, 'is JSON and cannot be compared')
    if (name === shape.terms) invalid(where, 'holds terms, which only match asks for')
  }
  function condition(name: string, value: unknown): Condition {
    const column = columnOf(name)
    const where = at(name)
    mustCompare(where, column)
    if (!isPlain(value)) return { column: name, op: 'eq', values: [encode(where, column, value)] }
    return invalid(where, 'takes one value here')
  }
  function conditions(name: string, value: unknown): readonly Condition[] {
    if (!isPlain(value)) return [condition(name, value)]
    const column = columnOf(name)
    const where = at(name)
    mustCompare(where, column)
    const parts = Object.entries(value)
    if (parts.length === 0) return invalid(where, 'has an empty condition')
    if ('in' in value) {
      const list = value['in']
      if (parts.length > 1) return invalid(where, 'takes "in" alone')
      if (!Array.isArray(list)) return invalid(where, 'takes a list for "in"')
      if (list.length > 1_000) return invalid(where, 'takes at most 1,000 values for "in"')
      return [{ column: name, op: 'in', values: [...new Set(list.map((item) => encode(where, column, item)))] }]
    }
    return parts.map(([op, operand]) => {
      if (!ranges.has(op)) return invalid(where, `has an unknown condition "${op}"`)
      return { column: name, op: op as Condition['op'], values: [bound(where, column, operand)] }
    })
  }

  /** The first of key, indexes and unique indexes whose leading columns are the ones named, with the range on the last. */
  function path(where: Readonly<Record<string, unknown>>): readonly string[] {
    const names = Object.keys(where)
    const found = paths.find(
      ({ columns: path }) =>
        names.length <= path.length &&
        names.every((name) => {
          const place = path.indexOf(name)
          return place !== -1 && place < names.length && (place === names.length - 1 || !isPlain(where[name]))
        }),
    )
    if (found && names.length > 0) return found.columns
    throw StorageErrors.NOT_INDEXED({
      message: `The model ${label} has no index for a condition on ${names.length ? names.join(', ') : 'nothing'}. Declare one that begins with these fields, with a range on the last only.`,
      details: { model: label, columns: names },
    })
  }

  const rules: ModelRules = {
    shape,
    row(row) {
      const given = object('a row', row)
      for (const name in given) if (given[name] !== undefined) columnOf(name)
      const cells: Record<string, Cell> = {}
      for (const column of shape.columns) {
        const value = given[column.name]
        if (value !== undefined) cells[column.name] = encoded(at(column.name), column, value)
        else if (!column.optional) invalid(at(column.name), 'is required')
      }
      return cells
    },
    key(key) {
      const given = object('a key', key)
      for (const name in given) if (!inKey.has(name)) invalid(at(name), 'is not in the key')
      return Object.fromEntries(keyNames.map((name) => [name, encode(at(name), columnOf(name), given[name])]))
    },
    one(one) {
      const given = object('a key', one)
      const key: Record<string, Cell> = {}
      for (const name of keyNames) key[name] = encode(at(name), columnOf(name), given[name])
      const rest = Object.keys(given).filter((name) => !inKey.has(name))
      return { key, conditions: rest.flatMap((name) => conditions(name, given[name])) }
    },
    change(set, add) {
      const sets: Record<string, Cell | null> = {}
      for (const [name, value] of Object.entries(object('new values', set))) {
        const column = columnOf(name)
        if (inKey.has(name)) invalid(at(name), 'is in the key, which does not change')
        if (value === undefined && !column.optional) invalid(at(name), 'is required')
        sets[name] = value === undefined ? null : encoded(at(name), column, value)
      }
      const adds: Record<string, number> = {}
      for (const [name, value] of Object.entries(add === undefined ? {} : object('numbers to add', add))) {
        const column = columnOf(name)
        if (inKey.has(name)) invalid(at(name), 'is in the key, which does not change')
        if (column.type !== 'int' && column.type !== 'time') invalid(at(name), 'is not a number')
        if (name in sets) invalid(at(name), 'is set and added to at once')
        if (value !== undefined) adds[name] = checkInt(at(name), value)
      }
      return { set: sets, add: adds }
    },
    scan(where, options = {}) {
      const given = object('a condition', where)
      const names = Object.keys(given)
      for (const name of names) columnOf(name)
      const along = path(given)
      const limit = checkInt(`${label}: limit`, options.limit === undefined ? 100 : options.limit, 1, 1_000)
      const { dir = 'asc' } = options
      if (dir !== 'asc' && dir !== 'desc') return invalid(`${label}: dir`, 'must be "asc" or "desc"')
      const found = along
        .slice(0, names.length)
        .flatMap((name, place) =>
          place < names.length - 1 ? [condition(name, given[name])] : conditions(name, given[name]),
        )
      const fixed = new Set(found.filter(({ op }) => op === 'eq').map(({ column }) => column))
      const order = [...along, ...keyNames.filter((name) => !along.includes(name))].filter((name) => !fixed.has(name))
      const after =
        options.after === undefined
          ? undefined
          : cursorValues(
              `${label}: after`,
              options.after,
              dir,
              order.map((name) => columnOf(name)),
            )
      return { conditions: found, order, dir, limit, after }
    },
    terms: (terms) => checkedTerms(shape, terms),
    next: (scan, last) => cursorText(scan.dir, scan.order, last),
    decode(cells) {
      const row: Record<string, unknown> = {}
      for (const { name, type } of shape.columns) {
        const cell = cells[name]
        if (cell !== undefined) row[name] = decodeCell(type, cell)
      }
      return row
    },
  }
  return rules
}
