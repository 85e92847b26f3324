import type { RowFor } from '@natter/core/contract'
import type { Contact, pair } from './contract.js'

export type PairRow = RowFor<typeof pair>
/** What the other is to me. */
export type Is = Contact['is']

/** Two people, seen from the side of one of them. */
export interface Seen {
  readonly is: Is
  /** Since when. */
  readonly at: number
  readonly note?: string | undefined
  readonly expiresAt?: number | undefined
  /** When I blocked them, and they me. */
  readonly blocks?: number | undefined
  readonly blocked?: number | undefined
  /** When they turned my last request down, and I theirs. */
  readonly refused?: number | undefined
  readonly refuses?: number | undefined
  /** I wrote to them, and so let them answer; they me. */
  readonly lets: boolean
  readonly let: boolean
}

/** Two who have nothing to do with each other. */
export const strangers: Seen = { is: 'none', at: 0, lets: false, let: false }

const opposite = { none: 'none', friend: 'friend', incoming: 'outgoing', outgoing: 'incoming' } as const

/** The same from the other side. */
export const mirrored = (seen: Seen): Seen => ({
  ...seen,
  is: opposite[seen.is],
  blocks: seen.blocked,
  blocked: seen.blocks,
  refused: seen.refuses,
  refuses: seen.refused,
  lets: seen.let,
  let: seen.lets,
})

/** The key of the row of two people. */
export const keyOf = (me: string, other: string): { readonly a: string; readonly b: string } =>
  me < other ? { a: me, b: other } : { a: other, b: me }

const fromA = (row: PairRow): Seen => ({
  is: row.state as Is,
  at: row.at,
  note: row.note,
  expiresAt: row.expiresAt,
  blocks: row.blockA,
  blocked: row.blockB,
  refused: row.refusedA,
  refuses: row.refusedB,
  lets: row.lets.includes('a'),
  let: row.lets.includes('b'),
})

/** What a row says to one of its two people. */
export const seenBy = (me: string, row: PairRow): Seen => (me === row.a ? fromA(row) : mirrored(fromA(row)))

/** The columns that say it. */
export function columnsOf(me: string, other: string, seen: Seen) {
  const a = me < other ? seen : mirrored(seen)
  return {
    state: a.is,
    at: a.at,
    note: a.note,
    expiresAt: a.expiresAt,
    blockA: a.blocks,
    blockB: a.blocked,
    refusedA: a.refused,
    refusedB: a.refuses,
    lets: `${a.lets ? 'a' : ''}${a.let ? 'b' : ''}`,
  }
}

/** What my list shows of it; nothing where the other is not in it. The other's own block is never a part. */
export function shown({ is, at, note, expiresAt, blocks }: Seen): Omit<Contact, 'user'> | undefined {
  if (is === 'none' && blocks === undefined) return undefined
  return {
    is,
    ...(blocks === undefined ? {} : { blocked: true }),
    at: blocks ?? at,
    ...(note === undefined ? {} : { note }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}
