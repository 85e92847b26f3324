import { setTimeout as pause } from 'node:timers/promises'
import { StorageErrors } from '@natter/core/contract'
import { commandMs } from '../answers.js'
import { duplicateKey, faultOf, isRefusal, isTransient } from '../faults.js'
import { placeOf } from './documents.js'
import type { Block, ChangeRecord, Keyed } from './documents.js'
import { Changes } from './changes.js'
import type { CommitterParts } from './committer.js'
import { blockOf, headOf, movedBy } from './draft.js'
import type { Draft } from './draft.js'
import { entryAt } from './entry-finder.js'
import { patienceMs as heldUpMs, refusalError } from './log-collections.js'
import type { WriteReply } from './log-collections.js'
import { memberUpdates, membersOf } from './member-updates.js'
import type { Sending } from './sending.js'
import type { Transactions } from './transactions.js'

/** So long it goes on over conflicts and lost connections, ms. */
const patienceMs = 15_000
/** Between two tries, ms, so that those who collide do not meet again. */
const pauseMs = () => 1 + Math.random() * 10
/** Members that are written in one transaction: it holds up other servers while it lasts. */
const membersTogether = 2_000

interface Storing {
  readonly draft: Draft
  readonly block: Block
}

/**
 * Drafts that share a transaction. Those that open a conversation write documents that nobody else has, so they do not wait
 * for those that change members of one that others write to.
 */
export function* transactionsOf(drafts: readonly Draft[]): Iterable<readonly Draft[]> {
  for (const opens of [true, false]) {
    let group: Draft[] = []
    let members = 0
    for (const draft of drafts) {
      if ((draft.after.seq === 0) !== opens) continue
      const more = membersOf(draft)
      if (group.length > 0 && members + more > membersTogether) {
        yield group
        group = []
        members = 0
      }
      group.push(draft)
      members += more
    }
    if (group.length > 0) yield group
  }
}

/**
 * Stores first entries of conversations, or entries that change their members: the blocks, one record and the members of all
 * in one transaction. These are rare; what is plain needs none.
 *
 * @param later Gets the sends that are to be judged again in the next batch.
 */
export async function openOrChange(
  transactions: Transactions,
  drafts: readonly Draft[],
  parts: CommitterParts,
  later: Sending[],
): Promise<void> {
  const { log, heads, changes, intents } = parts
  const attempt = intents.next([])._id.f
  let storings: readonly Storing[] = drafts.map((draft) => ({ draft, block: blockOf(draft, attempt) }))
  for (const { conversation } of drafts) heads.forget(conversation)
  const begun = performance.now()
  for (let reason: unknown; storings.length > 0; await pause(pauseMs())) {
    if (performance.now() > begun + patienceMs) throw reason === undefined ? StorageErrors.BUSY() : faultOf(reason)
    if (performance.now() > begun + heldUpMs) await transactions.endOthers('old')
    await changes.glance()
    const moved = storings.map(({ block }) => movedBy(block))
    const proposed = changes.next(moved, attempt)
    let refused: WriteReply['refused']
    try {
      refused = await attemptOnce(transactions, storings, proposed.record, parts)
      if (!refused) {
        if (!changes.committed(proposed, true)) await intents.record(moved)
        return stored()
      }
    } catch (error) {
      if (isRefusal(error)) return refuseOne(error)
      await changes.look()
      if ((await there()).some(({ b }) => b === attempt)) return announce()
      if (!isTransient(error)) throw error
      reason = error
      continue
    }
    if (refused.index === storings.length) {
      await changes.overtaken()
      continue
    }
    if (refused.code !== duplicateKey) {
      const { draft } = storings[refused.index]!
      later.push(...draft.sendings[0]!.refused(faultOf(refusalError(refused))))
      storings = storings.filter((each) => each.draft !== draft)
      continue
    }
    const blocks = await there()
    if (blocks.some(({ b }) => b === attempt)) return announce()
    const taken = new Map(blocks.map((block) => [placeOf(block), block]))
    const place = placeOf(storings[refused.index]!.block)
    // what refused us cannot be seen yet
    if (refused.keyPattern?.['_id'] !== undefined && !taken.has(place)) continue
    if (!taken.has(place)) await judgeAgain(storings[refused.index]!.draft, parts, later)
    await judgeBehind(storings, taken, parts, later)
    storings = storings.filter(({ block }) => placeOf(block) !== place && !taken.has(placeOf(block)))
  }

  /** What is where our blocks are to be. All of ours are there, or none. */
  function there(): Promise<readonly Keyed[]> {
    const ids = storings.map(({ block }) => block._id)
    return log.blocks.find({ _id: { $in: ids } }, { projection: { p: 0, w: 0 } }).toArray()
  }

  /** A commit whose end we did not hear of: which of its tries it was is not known, nor if its record came in time. */
  async function announce(): Promise<void> {
    await intents.record(storings.map(({ block }) => movedBy(block)))
    stored()
  }

  function stored(): void {
    for (const { draft, block } of storings) {
      heads.remember(draft.conversation, headOf(block))
      draft.sendings[0]!.stored('appended', entryAt(block, 0))
    }
  }

  /** Which of them it was is not said, so it is found by halves. */
  async function refuseOne(error: unknown): Promise<void> {
    const left = storings.map(({ draft }) => draft)
    if (left.length === 1) {
      later.push(...left[0]!.sendings[0]!.refused(faultOf(error)))
      return
    }
    const half = left.length >> 1
    await openOrChange(transactions, left.slice(0, half), parts, later)
    await openOrChange(transactions, left.slice(half), parts, later)
  }
}

/** Somebody else was faster: it is what they stored, or is judged behind that. */
async function judgeBehind(
  storings: readonly Storing[],
  taken: ReadonlyMap<string, Keyed>,
  { heads, intents }: CommitterParts,
  later: Sending[],
): Promise<void> {
  const repeats: (() => void)[] = []
  const conversations: string[] = []
  for (const { draft, block } of storings) {
    const other = taken.get(placeOf(block))
    if (!other) continue
    const sending = draft.sendings[0]!
    const place = other.k.indexOf(sending.key)
    if (place >= 0) {
      repeats.push(() => sending.stored('duplicate', entryAt(other, place)))
      conversations.push(draft.conversation)
      continue
    }
    // its documents may be behind it for long
    heads.remember(draft.conversation, headOf(other))
    later.push(sending)
  }
  // who is told of it may take it for acknowledged
  if (repeats.length > 0) await intents.announced(...conversations)
  for (const tell of repeats) tell()
}

/** Its key was refused, in a place that nobody has: stored before, or to be judged once more. */
async function judgeAgain(
  { conversation, sendings }: Draft,
  { heads, finder }: CommitterParts,
  later: Sending[],
): Promise<void> {
  const [sending] = sendings as readonly [Sending]
  const entry = (await finder.lookup(conversation, [sending.key])).get(sending.key)
  if (entry) {
    sending.stored('duplicate', entry)
    return
  }
  // its documents may be behind it for long, so it is judged again behind the newest block
  const head = await heads.newest(conversation)
  if (head) heads.remember(conversation, head)
  later.push(sending)
}

/** @returns what the server refused: a block by its place, or the record behind them. */
async function attemptOnce(
  transactions: Transactions,
  storings: readonly Storing[],
  record: ChangeRecord,
  { log, finder, changes }: CommitterParts,
): Promise<WriteReply['refused']> {
  const marked = storings.map((each, place) => ({ ...each, m: Changes.mark(record, place) }))
  const members = await Promise.all(marked.map(({ draft, block, m }) => memberUpdates(draft, block, m, finder)))
  // what we are about to apply ourselves would be in our own way
  if (storings[0]!.draft.after.seq > 0) await changes.apply().catch((error: unknown) => void error)
  const session = await transactions.session()
  try {
    session.startTransaction({
      readConcern: { level: 'snapshot' },
      ...(log.db.writeConcern && { writeConcern: log.db.writeConcern }),
      readPreference: 'primary',
      maxCommitTimeMS: commandMs,
    })
    const { refused } = await log.insert([...storings.map(({ block }) => block), record], session)
    if (refused) {
      const ofBlock = refused.index < storings.length && isRefusal(refusalError(refused))
      if (refused.code !== duplicateKey && !ofBlock) throw refusalError(refused)
      return refused
    }
    const conversations = marked.map(({ block: { _id, t, n, at, v, kind }, m }) => ({
      q: { _id: _id.c },
      u: { $set: { kind, f: _id.f, s: t, n: n[0]!, at: at[0]!, v, m } },
      upsert: true,
    }))
    await log.update('conversations', conversations, session)
    await log.update('members', members.flat(), session)
    await transactions.commit(session)
    return undefined
  } finally {
    if (session.inTransaction()) await transactions.abort(session)
  }
}
