import { setTimeout as pause } from 'node:timers/promises'
import type { Document } from 'mongodb'
import { duplicateKey, faultOf, isRefusal, isTransient } from '../faults.js'
import type { Block, ChangeRecord } from './documents.js'
import { Changes } from './changes.js'
import type { CommitterParts } from './committer.js'
import { blockOf, headOf, movedBy } from './draft.js'
import type { Draft } from './draft.js'
import { entryAt } from './entry-finder.js'
import { commandMs, patienceMs as heldUpMs, refusalError } from './log-collections.js'
import type { Sending } from './sending.js'
import type { Transactions } from './transactions.js'

/** So long it goes on over conflicts and lost connections, ms. */
const patienceMs = 15_000
/** Between two tries, ms, so that those who collide do not meet again. */
const pauseMs = () => 1 + Math.random() * 10

type Outcome = 'stored' | 'conflict' | 'again'

/** What members become by an entry. */
async function memberUpdates(
  draft: Draft,
  block: Block,
  m: number,
  parts: CommitterParts,
): Promise<readonly Document[]> {
  const { conversation: c, after, sendings } = draft
  const { open, members, from } = sendings[0]!.append
  const { t: seq } = block
  const [n, at] = [block.n[0]!, block.at[0]!]
  const one = (u: string) => ({ _id: { $eq: { c, u } } })
  const join = (u: string, floor: number, nf: number): readonly Document[] => [
    { q: { ...one(u), l: { $gt: 0 } }, u: { $set: { floor, nf, l: 0, m }, $unset: { ln: '', lat: '' } } },
    { q: one(u), u: { $setOnInsert: { since: seq, floor, nf, nr: 0, l: 0, r: 0, d: 0, m } }, upsert: true },
  ]
  const updates: Document[] = []
  if (after.seq === 0) updates.push(...(open?.members ?? []).flatMap((u) => join(u, 0, 0)))
  for (const u of members?.leave ?? []) {
    updates.push({ q: { ...one(u), l: 0 }, u: { $set: { l: seq, ln: n, lat: at, m } } })
  }
  for (const { user, floor: given } of members?.join ?? []) {
    const floor = Math.min(given ?? after.seq, seq)
    const nf = floor === after.seq ? after.n : floor === seq ? n : await parts.finder.count(c, floor)
    updates.push(...join(user, floor, nf))
  }
  updates.push({ q: one(from), u: { $max: { r: seq, d: seq, nr: n } } })
  return updates
}

/**
 * Stores the first entry of a conversation, or one that changes its members: the block, the record and the members in one
 * transaction. These are rare; what is plain needs none.
 *
 * @returns the sends that are to be judged again in the next batch.
 */
export async function openOrChange(
  transactions: Transactions,
  draft: Draft,
  parts: CommitterParts,
): Promise<readonly Sending[]> {
  const { heads, changes, intents, finder } = parts
  const [sending] = draft.sendings as readonly [Sending]
  const attempt = intents.next([])._id.f
  const block = blockOf(draft, attempt)
  heads.forget(draft.conversation)
  const begun = performance.now()
  for (const giveUp = begun + patienceMs; ; await pause(pauseMs())) {
    if (performance.now() > begun + heldUpMs) await transactions.endOthers('old')
    await changes.glance()
    const proposed = changes.next([movedBy(block)], attempt)
    let outcome: Outcome
    try {
      outcome = await attemptOnce(transactions, draft, block, proposed.record, parts)
    } catch (error) {
      if (isRefusal(error)) return sending.refused(faultOf(error))
      if (performance.now() > giveUp) throw error
      await changes.look()
      const [stored] = await finder.blocksWith(draft.conversation, [sending.key])
      if (stored === undefined && isTransient(error)) continue
      // a commit whose end we did not hear of
      outcome = stored?.b === attempt ? 'stored' : 'conflict'
    }
    if (outcome === 'again') {
      await changes.overtaken()
      continue
    }
    if (outcome === 'stored') {
      if (!changes.committed(proposed)) await intents.record([movedBy(block)])
      heads.remember(draft.conversation, headOf(block))
      sending.stored('appended', entryAt(block, 0))
      return []
    }
    const stored = (await finder.lookup(draft.conversation, [sending.key])).get(sending.key)
    if (!stored) {
      // its documents may be behind it for long, so it is judged again behind the newest block
      const head = await heads.newest(draft.conversation)
      if (head) heads.remember(draft.conversation, head)
      return [sending]
    }
    sending.stored('duplicate', stored)
    return []
  }
}

async function attemptOnce(
  transactions: Transactions,
  draft: Draft,
  block: Block,
  record: ChangeRecord,
  parts: CommitterParts,
): Promise<Outcome> {
  const { log } = parts
  const m = Changes.mark(record, 0)
  const members = await memberUpdates(draft, block, m, parts)
  const session = await transactions.session()
  try {
    session.startTransaction({
      readConcern: { level: 'snapshot' },
      ...(log.db.writeConcern && { writeConcern: log.db.writeConcern }),
      readPreference: 'primary',
      maxCommitTimeMS: commandMs,
    })
    const { refused } = await log.insert([block, record], session)
    if (refused) {
      if (refused.code !== duplicateKey) throw refusalError(refused)
      return refused.index === 1 ? 'again' : 'conflict'
    }
    const { _id, t, kind, v } = block
    const head = { f: _id.f, s: t, n: block.n[0]!, at: block.at[0]!, v, m }
    await log.update(
      'conversations',
      [{ q: { _id: { $eq: _id.c } }, u: { $set: { kind, ...head } }, upsert: true }],
      session,
    )
    await log.update('members', members, session)
    await session.commitTransaction()
    return 'stored'
  } finally {
    if (session.inTransaction()) await session.abortTransaction().catch((error: unknown) => void error)
  }
}
