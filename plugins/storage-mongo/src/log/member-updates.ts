import type { Document } from 'mongodb'
import type { Block } from './documents.js'
import type { Draft } from './draft.js'
import type { EntryFinder } from './entry-finder.js'

/** How many members a draft writes. */
export function membersOf({ after, sendings }: Draft): number {
  const { open, members } = sendings[0]!.append
  const opened = after.seq === 0 ? (open?.members ?? []) : []
  return opened.length + (members?.leave?.length ?? 0) + (members?.join?.length ?? 0)
}

/** What members become by the first entry of a conversation, or by one that changes them; `m` is its change mark. */
export async function memberUpdates(
  { conversation: c, after, sendings }: Draft,
  block: Block,
  m: number,
  finder: EntryFinder,
): Promise<readonly Document[]> {
  const { open, members, from } = sendings[0]!.append
  const { t: seq } = block
  const [n, at] = [block.n[0]!, block.at[0]!]
  const one = (u: string) => ({ _id: { c, u } })
  const added = (u: string, floor: number, nf: number): Document => ({
    q: one(u),
    u: { $setOnInsert: { since: seq, floor, nf, nr: 0, l: 0, r: 0, d: 0, m } },
    upsert: true,
  })
  const updates: Document[] = []
  if (after.seq === 0) updates.push(...(open?.members ?? []).map((u) => added(u, 0, 0)))
  for (const u of members?.leave ?? []) {
    updates.push({ q: { ...one(u), l: 0 }, u: { $set: { l: seq, ln: n, lat: at, m } } })
  }
  for (const { user, floor: given } of members?.join ?? []) {
    const floor = Math.min(given ?? after.seq, seq)
    const nf = floor === after.seq ? after.n : floor === seq ? n : await finder.count(c, floor)
    const again = { $set: { floor, nf, l: 0, m }, $unset: { ln: '', lat: '' } }
    updates.push({ q: { ...one(user), l: { $gt: 0 } }, u: again }, added(user, floor, nf))
  }
  updates.push({ q: one(from), u: { $max: { r: seq, d: seq, nr: n } } })
  return updates
}
