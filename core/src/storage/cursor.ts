import type { Cell, Cells } from './model-rules.js'
import type { Column } from './model-shape.js'
import { invalid } from './values.js'

/** An opaque place in an ordered scan: which order, and the values of its columns in the last row. */
export function cursorText(dir: string, order: readonly string[], last: Cells): string {
  const values = order.map((name) => last[name] ?? null)
  return Buffer.from(JSON.stringify([dir, order, values])).toString('base64url')
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const fits = (column: Column, value: unknown): value is Cell | null => {
  if (value === null) return column.optional
  if (column.type === 'id' || column.type === 'text') return typeof value === 'string'
  return Number.isSafeInteger(value)
}

/** Reads a cursor back, for the scan that it was made for and no other. */
export function cursorValues(
  where: string,
  text: unknown,
  dir: string,
  order: readonly Column[],
): readonly (Cell | null)[] {
  const cursor = parsed(text)
  if (!Array.isArray(cursor)) return invalid(where, 'is not a cursor of a page')
  const [itsDir, itsOrder, values] = cursor as unknown[]
  const same = itsDir === dir && Array.isArray(itsOrder) && itsOrder.join() === order.map(({ name }) => name).join()
  if (!same || !Array.isArray(values) || values.length !== order.length) {
    return invalid(where, 'belongs to another page')
  }
  return order.map((column, place) => {
    const value: unknown = values[place]
    return fits(column, value) ? value : invalid(where, 'is not a cursor of a page')
  })
}
