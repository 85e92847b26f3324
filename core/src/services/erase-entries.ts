import type { Log, LogEntry } from '../contract/index.js'
import { erasedBody } from '../erased-body.js'
import { isDenied } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { entryErasing, messageRewriting } from '../hooks.js'
import type { Runner } from '../kernel/plugin.js'
import type { Conversations } from './conversations.js'

/** Who is erased from which conversation, and the id that stands for them there. */
export interface EntryErasure {
  readonly conversation: string
  readonly user: string
  readonly as: string
  /** Entries up to this seq are done. */
  readonly after: number
  /** Say that it happened also where no entry is another: who is in the conversation has changed. */
  readonly say?: boolean
}
interface EraseParts {
  readonly log: Log
  readonly conversations: Pick<Conversations, 'append'>
  readonly rewriting: Runner<typeof messageRewriting>
  readonly erasing: Runner<typeof entryErasing>
}
interface Rewriting {
  readonly entry: LogEntry
  /** Empty where the person wrote it. */
  readonly body: string
}

const page = { limit: 200, bytes: 262_144 }
const mostTries = 50
/** What of a message may name others than its sender: whom it mentions, and what was done to it. */
const naming = ['mentions', 'acts'] as const

/**
 * Erases somebody from a page of a conversation, and answers the seq up to which that is done; nothing behind the last. What
 * they wrote keeps its seq and client id, without sender, body and digest. What the system said of them, who mentioned them and
 * what they did to messages of others name somebody who is nobody. Behind that an entry says which places are others now, so
 * that all who hold them read them again. It may be done again at any point: what was changed and not told of is told of then.
 */
export async function eraseEntries(
  { log, conversations, rewriting, erasing }: EraseParts,
  { conversation, user, as, after, say = false }: EntryErasure,
): Promise<number | undefined> {
  const entries = await log.range(conversation, { ...page, from: after + 1, to: Number.MAX_SAFE_INTEGER })
  const found = (await Promise.all(entries.map((entry) => rewritingOf(entry, user, as, erasing)))).flat()
  for (const each of found) await rewriteOne({ log, rewriting, erasing }, { user, as }, each)
  const now = new Set(found.map(({ entry }) => entry.seq))
  const seqs = rangesOf(entries.flatMap((entry) => (now.has(entry.seq) || isErased(entry, as) ? [entry.seq] : [])))
  if (seqs.length > 0 || say) {
    const cause = `erased ${as} ${JSON.stringify(seqs)}`
    await conversations.append(conversation, { body: { type: erasedBody.type, seqs }, cause })
  }
  return entries.at(-1)?.seq
}

/** Rewrites one, made anew of what it says by then where somebody else was rewriting it. */
async function rewriteOne(
  { log, rewriting, erasing }: Omit<EraseParts, 'conversations'>,
  { user, as }: Pick<EntryErasure, 'user' | 'as'>,
  first: Rewriting,
): Promise<void> {
  let next: Rewriting | undefined = first
  for (let tries = 0; next && tries < mostTries; tries++) {
    const { entry, body } = next
    // By no later seq than it has: what was done to it and is not made of it yet is above, and comes after this.
    const { conversation, seq, changedBy: by = seq } = entry
    await rewriting({ conversation, seq, by, before: fieldsOf(entry.body), after: fieldsOf(body) }, undefined)
    const forget = entry.from === user ? ({ forget: 'author' } as const) : {}
    if (await log.rewrite(conversation, seq, { body, by, was: entry.body, ...forget })) return
    const [now] = await log.range(conversation, { from: seq, to: seq, limit: 1, bytes: 1 })
    // What was told of a body that came too late is told anew, of the one that is there.
    const told = { before: fieldsOf(body), after: now && fieldsOf(now.body) }
    await rewriting({ conversation, seq, by, ...told }, undefined)
    next = now && (await rewritingOf(now, user, as, erasing))[0]
  }
  if (next) throw NatterErrors.BUSY()
}

/** Done before, and perhaps not told of. */
const isErased = ({ from, body }: LogEntry, as: string) => from === '' || body.includes(JSON.stringify(as))

async function rewritingOf(
  entry: LogEntry,
  user: string,
  as: string,
  erasing: EraseParts['erasing'],
): Promise<readonly Rewriting[]> {
  const { from, body } = entry
  if (from === user) return [{ entry, body: '' }]
  if (!body.includes(JSON.stringify(user))) return []
  const bare = await erasing({ user, from, body: fieldsOf(body)! }, undefined)
  if (isDenied(bare)) throw bare.error
  const fields = bare.body
  const names = from === 'system' ? Object.keys(fields) : naming
  const next = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      (names as readonly string[]).includes(name) ? renamed(value, user, as) : value,
    ]),
  )
  const text = JSON.stringify(next)
  return text === body ? [] : [{ entry, body: text }]
}

/** The same with another id in its place, wherever it is a whole text or a name. */
function renamed(value: unknown, user: string, as: string): unknown {
  if (value === user) return as
  if (Array.isArray(value)) return value.map((item) => renamed(item, user, as))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name === user ? as : name, renamed(inner, user, as)]),
  )
}

const fieldsOf = (body: string) => (body === '' ? undefined : (JSON.parse(body) as Readonly<Record<string, unknown>>))

function rangesOf(seqs: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (const seq of seqs) {
    const last = ranges.at(-1)
    if (last && last[1] === seq - 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}
