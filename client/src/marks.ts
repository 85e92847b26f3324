import type { Platform } from './api/platform.js'
import { countUpTo, raise } from './thread.js'
import type { Thread } from './thread.js'
import type { Threads } from './threads.js'
import type { MarkAnswer, MarkedEvent } from './wire.js'

/** Marks of one conversation within this time leave as one. */
const coalesceMs = 300

export interface MarkSender {
  /** Raises my marks here, and soon on the server. What it knows already costs nothing. */
  raise(thread: Thread, read: number, received: number): void
  /** The server told how far somebody has come. */
  told(event: MarkedEvent): void
  stop(): void
}

/** Keeps my marks and the server's knowledge of them together. They only grow, so that the last word is enough. */
export function createMarks(
  platform: Platform,
  threads: Threads,
  me: () => string | undefined,
  ask: (name: string, input: object) => Promise<unknown>,
  problem: (error: unknown) => void,
): MarkSender {
  const dirty = new Set<Thread>()
  const flying = new Set<Thread>()
  let timer: unknown

  const schedule = () => (timer ??= platform.setTimeout(flush, coalesceMs))

  function flush() {
    timer = undefined
    for (const thread of dirty) {
      if (flying.has(thread)) continue
      dirty.delete(thread)
      const { me, known } = thread
      if (raise(known, me.read, me.received) === known) continue
      flying.add(thread)
      void tell(thread)
    }
  }

  async function tell(thread: Thread) {
    const { id, me, version } = thread
    try {
      const answer = await ask('offline.mark', { conversation: id, ...me })
      if (thread.version === version) mine(thread, answer as MarkAnswer)
    } catch (error) {
      problem(error)
    }
    flying.delete(thread)
    if (dirty.size) schedule()
  }

  function mine(thread: Thread, { read, received, n, unread }: Partial<MarkAnswer>) {
    thread.known = raise(thread.known, read, received)
    thread.me = raise(thread.me, read, received)
    thread.readN = Math.max(thread.readN, countUpTo(thread, thread.me.read) ?? 0, n! - unread! || 0)
    threads.touch(thread)
  }

  return {
    raise(thread, read, received) {
      thread.me = raise(thread.me, read, received)
      if (raise(thread.known, thread.me.read, thread.me.received) === thread.known) return
      dirty.add(thread)
      schedule()
    },
    told(event) {
      const thread = threads.of(event.conversation)
      const { user, read, received } = event
      if (user === me()) return mine(thread, event)
      thread.marks = { ...thread.marks, [user]: raise(thread.marks[user] ?? { read: 0, received: 0 }, read, received) }
      threads.touch(thread)
    },
    stop() {
      platform.clearTimeout(timer)
      timer = undefined
    },
  }
}
