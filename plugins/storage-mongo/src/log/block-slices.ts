import type { Document } from 'mongodb'

/**
 * Of a block what readers get, of the entries from `from` to before `end`: a block has up to 128, and what is not read need not be
 * sent and made into objects. Both are numbers or expressions, in which `$_id.f` and `$t` are the ends of the block; one entry at
 * least is between them.
 */
export function slicesOf(from: Document | number, end: Document | number): Document {
  const first = { $max: [from, '$_id.f'] }
  const part = (name: string) => ({
    $slice: [`$${name}`, { $subtract: [first, '$_id.f'] }, { $subtract: [end, first] }],
  })
  return { k: part('k'), n: part('n'), at: part('at'), p: part('p'), w: 1 }
}
