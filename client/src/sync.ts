import type { Platform } from './api/platform.js'
import type { Entry } from './entry.js'
import { createHistory } from './history.js'
import type { History } from './history.js'
import { createLane } from './lane.js'
import { learn } from './learn.js'
import { createLog } from './log.js'
import type { Log, Standing } from './log.js'
import type { MarkSender } from './marks.js'
import { createPulls } from './pulls.js'
import { forget } from './thread.js'
import type { Thread } from './thread.js'
import type { Threads } from './threads.js'
import type { ConversationState, SyncAnswer } from './wire.js'

/** The cursor is moved on from time to time, so that little is left to compare after the next absence. */
const resyncMs = 300_000
/** After a refusal that should not be. */
const retryMs = 30_000
const openedSize = 50

export interface SyncEvents {
  /** Asks until it is answered: over reconnects, and again after what the server calls retryable. */
  ask(name: string, input: object): Promise<unknown>
  /** Asks for a caller who waits. */
  askOnce(name: string, input: object): Promise<unknown>
  emit(name: string, payload: unknown): void
  problem(error: unknown): void
  /** An own message turned up in the log. */
  found(entry: Entry): void
  /** It is known what my devices have received. What is sent before that would count as received up to itself. */
  known(): void
  /** Everything that was missed is here. */
  settled(): void
}

export interface Sync extends History {
  readonly standing: Standing
  readonly log: Log
  up(relay: boolean): void
  down(): void
  /** Nobody waits for a connection any longer. */
  stop(error: Error): void
  /** Compares with the server again. */
  again(): void
  /** The app looks at it. */
  open(thread: Thread): void
}

/** Keeps the conversations equal to the server's log, and gives each message to the app once and in order. */
export function createSync(
  platform: Platform,
  threads: Threads,
  marks: MarkSender,
  me: () => string,
  catchUp: number,
  on: SyncEvents,
): Sync {
  const standing: Standing = { connection: 0, relay: false, up: false, synced: false }
  // The server answers one page at a time.
  const lane = createLane()
  let cursor: string | undefined
  /** The whole list was told once: what appears in it from then on is new to the app. */
  let complete = false
  let running = false
  let rerun = false
  let timer: unknown
  let waiting: { readonly go: () => void; readonly fail: (error: Error) => void }[] = []
  const meeting = new Set<Thread>()

  const idle = () => {
    if (standing.synced && !pulls.active && !meeting.size) on.settled()
  }
  const pulls = createPulls(standing, lane, () => log, catchUp, { ...on, reset, idle, run })
  const log = createLog(platform, standing, threads, marks, {
    ...on,
    gap: (thread) => pulls.pull(thread),
    unknown: (thread) => void meet(thread, true),
  })
  const history = createHistory(standing, threads, lane, on, () =>
    standing.synced ? Promise.resolve() : new Promise((go, fail) => waiting.push({ go, fail })),
  )

  function told(state: ConversationState, fresh: boolean): Thread {
    const thread = threads.of(state.id)
    learn(thread, state, me(), fresh, standing.connection)
    threads.touch(thread)
    return thread
  }

  async function run() {
    if (running) {
      rerun = true
      return
    }
    running = true
    const seen = new Set<Thread>()
    try {
      let more: boolean
      do {
        rerun = false
        const answer = (await on.ask('offline.sync', cursor === undefined ? {} : { cursor })) as SyncAnswer
        more = take(answer, seen)
      } while (more || rerun)
      complete = true
      finish(seen)
    } catch (error) {
      on.problem(error)
      schedule(retryMs)
    } finally {
      running = false
    }
  }

  function take(answer: SyncAnswer, seen: Set<Thread>): boolean {
    if (answer.reset && cursor !== undefined) {
      seen.clear()
      resetAll()
    }
    for (const state of answer.conversations) seen.add(told(state, complete))
    cursor = answer.cursor
    return answer.more
  }

  function schedule(ms: number) {
    platform.clearTimeout(timer)
    if (standing.up) timer = platform.setTimeout(again, ms)
  }

  function finish(seen: Set<Thread>) {
    if (!standing.up) return
    standing.synced = true
    schedule(resyncMs)
    for (const thread of threads.all()) {
      if (thread.have === undefined && !thread.head) thread.have = 0
      // Nothing moved in what the server did not name.
      if (!seen.has(thread)) thread.verified = true
      log.settle(thread)
      pulls.pull(thread)
      fill(thread)
      marks.raise(thread, 0, 0)
    }
    for (const { go } of waiting.splice(0)) go()
    on.known()
    idle()
  }

  /** Asks what a conversation is that was not told of. */
  async function meet(thread: Thread, fresh: boolean) {
    if (meeting.has(thread)) return
    meeting.add(thread)
    try {
      told((await on.ask('offline.state', { conversation: thread.id })) as ConversationState, fresh)
    } catch (error) {
      on.problem(error)
      if (standing.synced) {
        // It is gone, or not mine any more.
        thread.ahead.clear()
        thread.have = thread.head
      }
    }
    meeting.delete(thread)
    log.settle(thread)
    pulls.pull(thread)
    fill(thread)
    idle()
  }

  async function reset(thread: Thread) {
    forget(thread, standing.connection)
    threads.touch(thread)
    on.emit('reset', { conversation: thread.id })
    await meet(thread, false)
  }

  function resetAll() {
    complete = false
    cursor = undefined
    for (const thread of threads.all()) {
      forget(thread, standing.connection)
      threads.touch(thread)
    }
    on.emit('reset', { conversation: undefined })
  }

  /** A first page for what the app looks at. */
  function fill(thread: Thread) {
    if (!standing.synced || !thread.opened || thread.window.length >= openedSize) return
    history.fill(thread).catch(on.problem)
  }

  const again = () => {
    if (!standing.relay) void run()
  }

  return {
    standing,
    log,
    ...history,
    up(relay) {
      if (standing.connection && standing.relay !== relay) resetAll()
      standing.connection++
      standing.relay = relay
      standing.up = true
      for (const thread of threads.all()) thread.verified = false
      if (relay) return finish(new Set())
      if (complete) on.known()
      void run()
    },
    down() {
      standing.up = standing.synced = false
      platform.clearTimeout(timer)
    },
    stop(error) {
      for (const { fail } of waiting.splice(0)) fail(error)
    },
    again,
    open(thread) {
      if (thread.opened) return
      thread.opened = true
      fill(thread)
    },
  }
}
