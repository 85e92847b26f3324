import type { Marked } from '@natter/core/contract'
import type { Behind, Changes } from './changes.js'
import type { MemberDocument, Raised } from './documents.js'
import type { EntryFinder } from './entry-finder.js'
import type { LogCollections } from './log-collections.js'

/** Marks to raise; `received` is not below `read`. */
export interface Marking {
  readonly conversation: string
  readonly user: string
  readonly read: number
  readonly received: number
}

/** What marks come to, if the record with `raised` is the next behind the one that they were judged behind. */
export interface Judged {
  readonly raised: readonly Raised[]
  readonly answers: readonly (Marked | undefined)[]
  readonly behind: Behind | undefined
}

const name = (c: string, u: string) => `${c}\0${u}`

/**
 * Judges marks one after the other against members as they are now. What is to be raised is committed by the change record that
 * names it, and applied from there; the place of that record is unique, so nothing came in between. Who has nothing to raise is told
 * where they stand without such a record, so what is read for it is of now.
 */
export async function judgeMarks(
  markings: readonly Marking[],
  log: LogCollections,
  changes: Changes,
  finder: EntryFinder,
): Promise<Judged> {
  if (markings.length === 0) return { raised: [], answers: [], behind: undefined }
  return changes.judged(() => judge(markings, log, changes, finder))
}

async function judge(
  markings: readonly Marking[],
  log: LogCollections,
  changes: Changes,
  finder: EntryFinder,
): Promise<Judged> {
  const { behind } = await changes.settled()
  const conversations = await log.conversations
    .find({ _id: { $in: [...new Set(markings.map(({ conversation }) => conversation))] } })
    .toArray()
  const heads = new Map(conversations.map((each) => [each._id, each]))
  const ids = new Map(markings.map(({ conversation: c, user: u }) => [name(c, u), { c, u }]))
  const found = await log.members.find({ _id: { $in: [...ids.values()] } }).toArray()
  const members = new Map<string, MemberDocument>(found.map((each) => [name(each._id.c, each._id.u), each]))

  const raised: Raised[] = []
  const answers: (Marked | undefined)[] = []
  for (const { conversation: c, user: u, ...wanted } of markings) {
    const head = heads.get(c)
    const member = members.get(name(c, u))
    if (!head || !member || member.l > 0) {
      answers.push(undefined)
      continue
    }
    const was = { r: Math.min(member.r, head.s), d: Math.min(member.d, head.s) }
    const r = Math.max(was.r, Math.min(wanted.read, head.s))
    const d = Math.max(was.d, Math.min(wanted.received, head.s))
    const nr = r === was.r ? Math.min(member.nr, head.n) : r === head.s ? head.n : await finder.count(c, r)
    const moved = r > was.r || d > was.d
    if (moved) {
      raised.push({ c, u, r, d, nr, direct: head.kind === 'direct' })
      members.set(name(c, u), { ...member, r, d, nr })
    }
    answers.push({
      moved,
      member: { user: u, floor: member.floor, left: false, read: r, received: d },
      n: head.n,
      unread: head.n - Math.max(nr, member.nf),
    })
  }
  return { raised, answers, behind }
}
