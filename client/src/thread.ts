import type { ConversationInfo, Marks } from './api/conversation.js'
import type { MessageView } from './api/messages.js'
import type { Entry } from './entry.js'
import type { Derived } from './readable.js'

/** What the client holds of one conversation. */
export interface Thread {
  readonly id: string
  kind: string
  peer: string | undefined
  /** The server told of it, or it has entries. */
  listed: boolean
  left: boolean
  /** Seq of the newest entry that is known to exist, and the number of messages up to it. */
  head: number
  headN: number
  /** Everything up to here was given to the app. Unknown before the first sync; then with its client id and its `n`. */
  have: number | undefined
  haveId: string | undefined
  haveN: number | undefined
  /** The first seq that is mine to read, as far as known. */
  first: number
  /** Messages up to my read mark: `headN - readN` are unread. */
  readN: number
  me: Marks
  /** Mine as the server has them. */
  known: Marks
  marks: { readonly [user: string]: Marks }
  /** Gap-free, ends at `have`. */
  window: Entry[]
  /** Came before what precedes it. */
  readonly ahead: Map<number, Entry>
  last: Entry | undefined
  at: number
  /** On this connection it was confirmed that the server's log goes on from `have`. */
  verified: boolean
  pulling: boolean
  /** The app looks at it. */
  opened: boolean
  /** Counts up when what is held is dropped: answers to older questions are void. */
  version: number
  /** Where nothing is stored: what came, against repeats. */
  keys: Set<string> | undefined
  readonly info: Derived<ConversationInfo>
  readonly messages: Derived<readonly MessageView[]>
  readonly older: Derived<boolean>
}

/** For a conversation nobody looks at, only so many entries are kept. */
const unopenedLimit = 200

/** There is history before the window. */
export function hasOlder(thread: Thread): boolean {
  if (thread.have === undefined) return thread.head > 0
  return (thread.window[0]?.seq ?? thread.have + 1) > Math.max(thread.first, 1)
}

export function raise(marks: Marks, read = 0, received = 0): Marks {
  const next = { read: Math.max(marks.read, read), received: Math.max(marks.received, received, read) }
  return next.read === marks.read && next.received === marks.received ? marks : next
}

/** Puts the entry that follows at the end of the window. */
export function append(thread: Thread, entry: Entry, own: boolean): void {
  const before = thread.have ? thread.haveN : 0
  const n = entry.n ?? (before === undefined ? undefined : before + 1)
  thread.window.push(entry)
  if (!thread.opened && thread.window.length > unopenedLimit) thread.window.shift()
  thread.listed = true
  // What follows is told only to who is in it: so I came in again.
  thread.left = false
  thread.have = entry.seq
  thread.haveId = entry.clientId
  thread.haveN = n
  thread.head = Math.max(thread.head, entry.seq)
  thread.headN = Math.max(thread.headN, n ?? 0)
  if (entry.seq === thread.head) thread.last = entry
  thread.at = Math.max(thread.at, entry.at)
  // Who writes has read what came before; the server thinks so too.
  if (entry.from === thread.peer) {
    const theirs = raise(thread.marks[entry.from] ?? { read: 0, received: 0 }, entry.seq)
    thread.marks = { ...thread.marks, [entry.from]: theirs }
  }
  if (!own) return
  thread.me = raise(thread.me, entry.seq)
  thread.known = raise(thread.known, entry.seq)
  thread.readN = Math.max(thread.readN, n ?? 0)
}

/** Messages up to a seq, as far as the client can tell. */
export function countUpTo(thread: Thread, seq: number): number | undefined {
  if (seq >= thread.head) return thread.headN
  if (seq === thread.have) return thread.haveN
  return thread.window.find((entry) => entry.seq === seq)?.n
}

/** A thread of which nothing is known. */
export function blank() {
  return {
    listed: false,
    left: false,
    head: 0,
    headN: 0,
    have: undefined,
    haveId: undefined,
    haveN: undefined,
    first: 0,
    readN: 0,
    me: { read: 0, received: 0 },
    known: { read: 0, received: 0 },
    marks: {},
    window: [],
    last: undefined,
    at: 0,
    verified: false,
  }
}

/** Forgets what is held, for a store that was reset. What came by the present connection stays: it is of the new store. */
export function forget(thread: Thread, connection: number): void {
  Object.assign(thread, blank())
  thread.version++
  for (const [seq, entry] of thread.ahead) {
    if (entry.connection === connection) {
      thread.head = Math.max(thread.head, seq)
      thread.headN = Math.max(thread.headN, entry.n ?? 0)
    } else thread.ahead.delete(seq)
  }
}
