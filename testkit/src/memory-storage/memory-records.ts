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
import { compareCells, lacking, modelChange, repeated, storedShape } from '@natter/core/storage'
import type { Cell, Cells, Condition, ModelRules, ModelShape, Scan, StoredShape } from '@natter/core/storage'

const meets =
  (cells: Cells) =>
  ({ column, op, values }: Condition): boolean => {
    const cell = cells[column]
    if (cell === undefined) return false
    if (op === 'in') return values.includes(cell)
    const order = compareCells(cell, values[0]!)
    return { eq: order === 0, gt: order > 0, gte: order >= 0, lt: order < 0, lte: order <= 0 }[op]
  }

/** Absent comes before everything. */
const compareMaybe = (a: Cell | null | undefined, b: Cell | null | undefined): number => {
  const [x, y] = [a ?? null, b ?? null]
  if (x === null || y === null) return Number(y === null) - Number(x === null)
  return compareCells(x, y)
}

/** Rows of one model. They are kept as cells, so what goes in and what comes out are always copies. */
export class MemoryTable {
  readonly rows = new Map<string, Cells>()
  rules: ModelRules
  /** What it looks like, with the fields that the model gave up. */
  stored: StoredShape

  constructor(rules: ModelRules) {
    this.rules = rules
    this.stored = storedShape(undefined, rules.shape)
  }

  /** Takes on a changed model, if the rows allow it. */
  change(rules: ModelRules): void {
    const { shape } = rules
    modelChange(this.stored, shape)
    for (const cells of this.rows.values()) {
      const missing = shape.columns.find(({ name, optional }) => !optional && cells[name] === undefined)
      if (missing) lacking(shape, missing.name)
    }
    const unique = shape.indexes.filter((index) => index.unique)
    for (const cells of this.rows.values()) {
      const clash = unique.find((index) => this.#clashes(cells, [index]))
      if (clash) repeated(shape, clash.columns)
    }
    this.stored = storedShape(this.stored, shape)
    this.rules = rules
  }

  keyOf(cells: Cells): string {
    return JSON.stringify(this.rules.shape.key.map((name) => cells[name]))
  }

  /** Whether another row has the same values of a unique index. */
  clashes(cells: Cells): boolean {
    return this.#clashes(
      cells,
      this.rules.shape.indexes.filter((index) => index.unique),
    )
  }

  #clashes(cells: Cells, unique: ModelShape['indexes']): boolean {
    const own = this.keyOf(cells)
    if (unique.length === 0) return false
    for (const [key, row] of this.rows) {
      if (key === own) continue
      const same = ({ columns }: { readonly columns: readonly string[] }) =>
        columns.every((name) => cells[name] !== undefined && cells[name] === row[name])
      if (unique.some(same)) return true
    }
    return false
  }

  find({ conditions, order, dir }: Pick<Scan, 'conditions' | 'order' | 'dir'>): Cells[] {
    const sign = dir === 'desc' ? -1 : 1
    return [...this.rows.values()]
      .filter((cells) => conditions.every(meets(cells)))
      .sort((a, b) => sign * this.compare(order, a, b))
  }

  compare(order: readonly string[], a: Cells, b: Readonly<Record<string, Cell | null>>): number {
    for (const name of order) {
      const difference = compareMaybe(a[name], b[name])
      if (difference !== 0) return difference
    }
    return 0
  }
}

function has(text: Cell | undefined, lists: Terms): boolean {
  const own = String(text ?? '').split(' ')
  const meets = (each: string) =>
    each.endsWith('*') ? own.some((term) => term.startsWith(each.slice(0, -1))) : own.includes(each)
  return lists.every((list) => list.some(meets))
}

/** The verbs over a table. `open` throws when the store is closed. */
export function memoryRecords<M extends Model>(rules: ModelRules, table: () => MemoryTable): Records<M> {
  const { terms } = rules.shape
  const decode = (cells: Cells) => rules.decode(cells) as RowFor<M>
  const pick = (one: One<M>) => {
    const { rows, keyOf } = bound()
    const { key, conditions } = rules.one(one)
    const cells = rows.get(keyOf(key))
    return cells && conditions.every(meets(cells)) ? cells : undefined
  }
  const pageOf = (where: Where<M>, options?: PageOptions, fits: (cells: Cells) => boolean = () => true) => {
    const { at } = bound()
    const scan = rules.scan(where, options)
    const sign = scan.dir === 'desc' ? -1 : 1
    const { after } = scan
    const from = after && Object.fromEntries(scan.order.map((name, place) => [name, after[place]!]))
    const found = at
      .find(scan)
      .filter((cells) => fits(cells) && (!from || sign * at.compare(scan.order, cells, from) > 0))
    const rows = found.slice(0, scan.limit)
    return {
      rows: rows.map(decode),
      next: found.length > scan.limit ? rules.next(scan, rows.at(-1)!) : undefined,
    }
  }
  const bound = () => {
    const at = table()
    return { at, rows: at.rows, keyOf: (cells: Cells) => at.keyOf(cells) }
  }

  return {
    async get(key: KeyOf<M>) {
      const { rows, keyOf } = bound()
      const cells = rows.get(keyOf(rules.key(key)))
      return cells && decode(cells)
    },
    async insert(row: RowFor<M>) {
      const { at, rows, keyOf } = bound()
      const cells = rules.row(row)
      if (rows.has(keyOf(cells)) || at.clashes(cells)) return 'exists'
      rows.set(keyOf(cells), cells)
      return 'inserted'
    },
    async upsert(row: RowFor<M>) {
      const { at, rows, keyOf } = bound()
      const cells = rules.row(row)
      if (at.clashes(cells)) throw StorageErrors.EXISTS()
      rows.set(keyOf(cells), cells)
    },
    async updateIf(one: One<M>, set: SetOf<M>, add?: AddOf<M>) {
      const { at, rows, keyOf } = bound()
      const change = rules.change(set, add)
      const cells = pick(one)
      if (!cells) return undefined
      const next: Record<string, Cell> = { ...cells }
      for (const [name, value] of Object.entries(change.set)) {
        if (value === null) delete next[name]
        else next[name] = value
      }
      for (const [name, value] of Object.entries(change.add)) {
        const sum = ((next[name] as number | undefined) ?? 0) + value
        if (!Number.isSafeInteger(sum)) {
          throw StorageErrors.INVALID({ message: `${rules.shape.label}.${name} would leave the range below 2^53.` })
        }
        next[name] = sum
      }
      if (at.clashes(next)) throw StorageErrors.EXISTS()
      rows.set(keyOf(next), next)
      return decode(next)
    },
    async take(one: One<M>) {
      const { rows, keyOf } = bound()
      const cells = pick(one)
      if (!cells) return undefined
      rows.delete(keyOf(cells))
      return decode(cells)
    },
    async page(where: Where<M>, options?: PageOptions): Promise<Page<RowFor<M>>> {
      return pageOf(where, options)
    },
    ...(terms !== undefined && {
      async match(asked: Terms, where: Where<M>, options?: PageOptions) {
        const lists = rules.terms(asked)
        return pageOf(where, options, (cells) => has(cells[terms], lists))
      },
    }),
    async remove(where: Where<M>) {
      const { at, rows, keyOf } = bound()
      const found = at.find(rules.scan(where))
      for (const cells of found) rows.delete(keyOf(cells))
      return found.length
    },
  }
}
