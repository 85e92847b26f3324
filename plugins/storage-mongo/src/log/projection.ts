import type { Document } from 'mongodb'
import type { ChangeRecord, Moved, Raised } from './documents.js'
import { marksPerRecord } from './documents.js'
import type { LogCollections } from './log-collections.js'

type Maxima = Record<string, number>

/** Keeps the greater of each number. */
function raise(maxima: Maxima, more: Maxima): void {
  for (const [name, value] of Object.entries(more)) maxima[name] = Math.max(maxima[name] ?? 0, value)
}
function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

interface Member {
  readonly id: { readonly c: string; readonly u: string }
  /** By sending: up to here, if they were a member by then. */
  readonly sent: Maxima
  readonly marked: Maxima
}

/**
 * Brings conversations and members to where change records say they are. Each number only ever grows, so records may be
 * applied again, by several at once and in any order. Members first: who reads conversations before members never sees a
 * conversation behind its sender's marks.
 */
export async function applyChanges(log: LogCollections, records: readonly ChangeRecord[]): Promise<void> {
  const conversations = new Map<string, Maxima>()
  const members = new Map<string, Member>()
  const memberOf = (c: string, u: string) =>
    entry(members, `${c}\0${u}`, () => ({ id: { c, u }, sent: {}, marked: {} }))
  for (const { _id, e } of records) {
    e.forEach((change, place) => {
      const m = _id.f * marksPerRecord + place
      const conversation = () => entry(conversations, change.c, () => ({}))
      if ('u' in change) {
        const { c, u, r, d, nr, direct }: Raised = change
        raise(memberOf(c, u).marked, { r, d, nr, m })
        // both people of a direct conversation see each other's marks, so for both it has changed
        if (direct) raise(conversation(), { m })
      } else if ('s' in change) {
        const { c, f, s, n, at, v, r }: Moved = change
        for (const [user, seq, count] of r) raise(memberOf(c, user).sent, { r: seq, d: seq, nr: count })
        raise(conversation(), { f, s, n, at, v, m })
      } else raise(conversation(), { m })
    })
  }
  const raised: Document[] = []
  // an id alone, without an operator, is found without a plan
  for (const { id, sent, marked } of members.values()) {
    if (sent['r'] !== undefined) raised.push({ q: { _id: id, since: { $lte: sent['r'] } }, u: { $max: sent } })
    if (marked['m'] !== undefined) raised.push({ q: { _id: id }, u: { $max: marked } })
  }
  await log.update('members', raised)
  await log.update(
    'conversations',
    [...conversations].map(([c, maxima]) => ({ q: { _id: c }, u: { $max: maxima } })),
  )
}
