import type { Marks } from './api/conversation.js'
import { entryOf } from './entry.js'
import { countUpTo, raise } from './thread.js'
import type { Thread } from './thread.js'
import type { ConversationState } from './wire.js'

/** Entries up to `seq` are not mine to read: what is held goes on after them. */
export function skipTo(thread: Thread, seq: number): void {
  thread.window = []
  thread.have = seq
  thread.haveId = thread.haveN = undefined
  for (const early of thread.ahead.keys()) if (early <= seq) thread.ahead.delete(early)
}

/**
 * Takes over what the server says of a conversation.
 *
 * @param fresh It appeared since the last sync, so that all of it is new to the app. Otherwise new is what none of my
 *   devices has received.
 */
export function learn(thread: Thread, state: ConversationState, me: string, fresh: boolean, connection: number): void {
  const { head, n, last, members = [], me: mine, unread } = state
  const { read, received } = mine
  thread.listed = true
  thread.kind = state.kind
  thread.left = mine.left === true
  thread.at = Math.max(thread.at, state.at)
  thread.first = Math.max(thread.first, mine.floor + 1)
  thread.head = Math.max(thread.head, head)
  thread.headN = Math.max(thread.headN, n)
  if (last && last[0] >= (thread.last?.seq ?? 0)) {
    const held = thread.window[thread.window.length - 1]
    thread.last = held?.seq === last[0] ? held : entryOf(thread.id, last, connection)
  }
  thread.known = raise(thread.known, read, received)
  thread.me = raise(thread.me, read, received)
  thread.readN = Math.max(thread.readN, countUpTo(thread, thread.me.read) ?? 0, n - unread)
  if (members.length) {
    const others = members.filter(({ user }) => user !== me)
    thread.peer = (others[0] ?? members[0]!).user
    // Who is not named is no member any more.
    const marks: Record<string, Marks> = {}
    for (const { user, ...at } of others) marks[user] = raise(thread.marks[user] ?? at, at.read, at.received)
    thread.marks = marks
  }

  if (thread.have === undefined) {
    const known = fresh ? 0 : Math.min(received + 1, ...thread.ahead.keys()) - 1
    thread.have = Math.max(mine.floor, known)
    thread.verified = true
  } else if (thread.have < mine.floor) skipTo(thread, mine.floor)
  // Who is out of it can read nothing of it.
  if (thread.left) {
    skipTo(thread, thread.head)
    thread.last = undefined
    thread.verified = true
  }
  if (last && last[0] === thread.have) {
    thread.haveId ??= last[4]
    thread.haveN ??= last[1]
    // It ends where ours ends, with the same entry.
    if (thread.haveId === last[4]) thread.verified = true
  }
}
