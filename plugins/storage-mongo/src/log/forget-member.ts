import type { Document } from 'mongodb'
import { changesPlace } from './documents.js'
import type { Change } from './documents.js'
import type { LogCollections } from './log-collections.js'

const everyRecord: Document = { $gte: { c: changesPlace, f: 0 }, $lt: { c: changesPlace, f: {} } }

/**
 * Removes the membership of who has left, and their name from the change records that are still there. All of these are
 * applied; applied again, by who has read them before, they find no member and change nothing.
 */
export async function forgetMember(
  log: LogCollections,
  { c, u }: { readonly c: string; readonly u: string },
): Promise<void> {
  const { deletedCount } = await log.members.deleteOne({ _id: { $eq: { c, u } }, l: { $gt: 0 } } as Document)
  const inside = deletedCount === 0 && (await log.members.findOne({ _id: { $eq: { c, u } } } as Document))
  if (inside) return
  for await (const { _id, e } of log.changes.find({ _id: everyRecord, 'e.c': c } as Document)) {
    if (!e.some((change) => names(change, c, u))) continue
    await log.changes.updateOne({ _id: { $eq: _id } } as Document, {
      $set: { e: e.map((change) => nameless(change, c, u)) },
    })
  }
}

function names(change: Change, c: string, u: string): boolean {
  if (change.c !== c) return false
  return 'u' in change ? change.u === u : 'r' in change && change.r.some(([user]) => user === u)
}

function nameless(change: Change, c: string, u: string): Change {
  if (!names(change, c, u)) return change
  if ('u' in change) return { ...change, u: '' }
  return 'r' in change ? { ...change, r: change.r.filter(([user]) => user !== u) } : change
}
