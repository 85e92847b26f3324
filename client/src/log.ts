import type { Platform } from './api/platform.js'
import type { Entry } from './entry.js'
import type { MarkSender } from './marks.js'
import { append } from './thread.js'
import type { Thread } from './thread.js'
import type { Threads } from './threads.js'

/** For what overtook its predecessor on the way to be followed by it. */
const orderMs = 150
/** Where nothing is stored, so many keys per conversation are remembered against repeats. */
const keyLimit = 500

/** Where the present connection stands; shared by the parts of the sync. */
export interface Standing {
  connection: number
  /** The server keeps no messages. */
  relay: boolean
  up: boolean
  /** What changed while there was no connection is known. */
  synced: boolean
}

export interface Log {
  /** An entry came, live or acknowledged. */
  came(thread: Thread, entry: Entry): void
  /** The conversation has entries up to this seq. */
  hinted(thread: Thread, seq: number): void
  /** Gives the entry that follows to the app. */
  deliver(thread: Thread, entry: Entry): void
  /** Delivers what follows without a gap, and asks for what lies between. */
  settle(thread: Thread): void
}

export function createLog(
  platform: Platform,
  standing: Standing,
  threads: Threads,
  marks: MarkSender,
  on: {
    emit(name: string, payload: unknown): void
    found(entry: Entry): void
    /** There are entries between what is held and the head. */
    gap(thread: Thread): void
    /** Nothing is known of it but that it exists. */
    unknown(thread: Thread): void
  },
): Log {
  const later = new Set<Thread>()

  function deliver(thread: Thread, entry: Entry) {
    const own = threads.isOwn(entry)
    // It may have come early as well, and would be shown beside itself.
    thread.ahead.delete(entry.seq)
    append(thread, entry, own)
    if (!own) marks.raise(thread, 0, entry.seq)
    else if (entry.seq && entry.n) on.found(entry)
    threads.touch(thread)
    on.emit('message', threads.view(thread, entry))
  }

  function settle(thread: Thread) {
    if (!standing.synced) return
    // Also what the app looked at before it was mine.
    if (thread.have === undefined || (thread.ahead.size && !(thread.listed || thread.peer))) return on.unknown(thread)
    if (!thread.verified) return on.gap(thread)
    for (const seq of thread.ahead.keys()) if (seq <= thread.have) thread.ahead.delete(seq)
    let entry
    while ((entry = thread.ahead.get(thread.have + 1))) deliver(thread, entry)
    if (thread.head <= thread.have || thread.pulling || later.has(thread)) return
    later.add(thread)
    platform.setTimeout(() => {
      later.delete(thread)
      if (thread.have !== undefined && thread.head > thread.have) on.gap(thread)
    }, orderMs)
  }

  /** The server's copy of what is held already: it may have changed the body on its way. */
  function again(thread: Thread, entry: Entry) {
    const place = thread.window.findIndex(({ seq }) => seq === entry.seq)
    const held = thread.window[place]
    if (!held || held.clientId !== entry.clientId || entry.n === undefined) return
    thread.window[place] = entry
    if (thread.last === held) thread.last = entry
    threads.touch(thread)
  }

  function relayed(thread: Thread, entry: Entry) {
    const key = `${entry.from}/${entry.clientId}`
    const keys = (thread.keys ??= new Set())
    if (keys.has(key)) return
    keys.add(key)
    if (keys.size > keyLimit) for (const first of keys) if (keys.delete(first)) break
    thread.have ??= 0
    threads.guessPeer(thread, entry.from)
    deliver(thread, { ...entry, n: thread.headN + 1 })
  }

  return {
    came(thread, entry) {
      if (entry.n && threads.isOwn(entry)) on.found(entry)
      if (!entry.seq) return relayed(thread, entry)
      if (thread.have !== undefined && entry.seq <= thread.have) return again(thread, entry)
      thread.head = Math.max(thread.head, entry.seq)
      thread.headN = Math.max(thread.headN, entry.n ?? 0)
      const early = thread.ahead.get(entry.seq)
      if (!early || entry.n !== undefined) thread.ahead.set(entry.seq, entry)
      settle(thread)
      threads.touch(thread)
    },
    hinted(thread, seq) {
      if (seq <= thread.head && thread.have !== undefined) return
      thread.head = Math.max(thread.head, seq)
      if (!standing.synced) return
      if (thread.have === undefined) on.unknown(thread)
      else on.gap(thread)
    },
    deliver,
    settle,
  }
}
