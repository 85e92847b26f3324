/** `@natter/offline/contract`: history, marks and resume. */
import { z } from 'zod'
import { command, event } from '@natter/core/contract'
import { id, seq, time } from '@natter/core/schema'

export * from './settings-contract.js'

/** An entry in an answer: seq, n, sender, time, client id, body, and the seq of the entry that last changed it. */
const entry = z.tuple([seq, seq, z.string(), time, z.string(), z.record(z.string(), z.unknown()), seq.optional()])
const marks = z.object({ user: id, read: seq, received: seq })
const conversation = z.object({
  id,
  kind: z.string(),
  /** Seq and number of messages of the newest entry. */
  head: seq,
  n: seq,
  at: time,
  /** My own place: entries up to `floor` are not mine to read; `left`: I am out. */
  me: z.object({ read: seq, received: seq, floor: seq, left: z.boolean().optional() }),
  unread: seq,
  /** Which of the unread messages mention me, or everybody: the newest 100. Not in direct conversations. */
  mentions: z.array(seq).optional(),
  /** Both people of a direct conversation with their marks. */
  members: z.array(marks).optional(),
  last: entry.optional(),
})

/**
 * What changed for me since the cursor of my last sync; without one, everything. Ask again with the new cursor while
 * `more`. `reset`: the cursor told nothing any more, or the store was restored; drop what is held, this starts anew.
 */
export const sync = command('offline.sync', {
  idempotent: true,
  bulk: true,
  input: z.object({ cursor: z.string().max(256).optional(), limit: z.int().min(1).max(200).default(100) }),
  output: z.object({
    cursor: z.string(),
    more: z.boolean(),
    reset: z.boolean(),
    conversations: z.array(conversation),
  }),
})

/**
 * A page of a conversation, ascending. Without `before` or `after` the newest. With `after`, `holds` names the client id
 * of the entry at that seq that the client has; if the store has another there, or none, the answer is `reset`.
 * Limited by `limit` and by bytes: fewer entries than asked for do not mean that there are no more; `head` tells.
 */
export const page = command('offline.page', {
  idempotent: true,
  bulk: true,
  input: z.object({
    conversation: id,
    before: seq.optional(),
    after: seq.optional(),
    holds: id.optional(),
    limit: z.int().min(1).max(200).default(50),
  }),
  output: z.object({
    entries: z.array(entry),
    /** Seq of the newest entry, and the first seq that is readable. */
    head: seq,
    first: seq,
    reset: z.boolean().optional(),
  }),
})

/** One conversation as `sync` would give it. */
export const state = command('offline.state', {
  idempotent: true,
  input: z.object({ conversation: id }),
  output: conversation,
})

/** Raises my marks: what I have received, what I have read. They never move back. */
export const mark = command('offline.mark', {
  idempotent: true,
  input: z.object({ conversation: id, read: seq.optional(), received: seq.optional() }),
  output: z.object({
    read: seq,
    received: seq,
    /** Messages up to the head at that moment: n − unread are read, whatever came since. */
    n: seq,
    unread: seq,
  }),
})

/** Somebody's marks moved. `n` and `unread` only in the copy for their own devices. */
export const marked = event(
  'offline.marked',
  marks.extend({ conversation: id, n: seq.optional(), unread: seq.optional() }),
)
