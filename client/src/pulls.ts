import { entryOf } from './entry.js'
import { localError } from './errors.js'
import type { Lane } from './lane.js'
import { skipTo } from './learn.js'
import type { Log, Standing } from './log.js'
import type { Thread } from './thread.js'
import type { PageAnswer } from './wire.js'

const pullSize = 200
/** What is taken after a gap that is too wide. */
const newestSize = 50

export interface Pulls {
  /** Fetches what lies between what is held and the head. */
  pull(thread: Thread): void
  readonly active: number
}

/** Brings conversations up to their head, one page at a time. */
export function createPulls(
  standing: Standing,
  lane: Lane,
  log: () => Log,
  catchUp: number,
  on: {
    ask(name: string, input: object): Promise<unknown>
    emit(name: string, payload: unknown): void
    problem(error: unknown): void
    /** The server's log does not go on from what is held. */
    reset(thread: Thread): Promise<void>
    idle(): void
    /** Asks what changed. */
    run(): Promise<void>
  },
): Pulls {
  let active = 0

  const page = (thread: Thread, input: object) =>
    on.ask('offline.page', { conversation: thread.id, ...input }) as Promise<PageAnswer>

  async function step(thread: Thread) {
    const { have, haveId, version } = thread
    if (have === undefined || !behind(thread)) return
    const limit = thread.head - have > catchUp ? 1 : pullSize
    const answer = await page(thread, { after: have, ...(haveId !== undefined && { holds: haveId }), limit })
    if (thread.version !== version) return
    if (answer.reset) return on.reset(thread)
    thread.verified = true
    thread.first = Math.max(thread.first, answer.first)
    if (answer.head - thread.have! > catchUp) return leap(thread)
    const before = thread.have!
    if (answer.first > before + 1) skipTo(thread, answer.first - 1)
    take(thread, answer)
    if (thread.have === before && answer.head > before) {
      throw localError('NATTER_INTERNAL', `No entries of ${thread.id} came after ${before}.`)
    }
    // A hint can name more than there is.
    if (thread.have === before) thread.head = Math.max(before, ...thread.ahead.keys())
  }

  function take(thread: Thread, answer: PageAnswer) {
    thread.head = Math.max(thread.head, answer.head)
    for (const tuple of answer.entries) {
      if (tuple[0] === thread.have! + 1) log().deliver(thread, entryOf(thread.id, tuple, standing.connection))
    }
  }

  /** Too much was missed: goes on from the newest page. */
  async function leap(thread: Thread) {
    const { version } = thread
    const answer = await page(thread, { limit: newestSize })
    if (thread.version !== version) return
    const from = thread.have! + 1
    const to = (answer.entries[0]?.[0] ?? answer.head + 1) - 1
    if (to >= from) {
      skipTo(thread, to)
      on.emit('gap', { conversation: thread.id, from, to })
    }
    take(thread, answer)
  }

  const behind = (thread: Thread) => thread.have !== undefined && (thread.head > thread.have || !thread.verified)

  async function run(thread: Thread) {
    thread.pulling = true
    active++
    try {
      while (behind(thread)) {
        await lane(() => step(thread))
        log().settle(thread)
      }
    } catch (error) {
      on.problem(error)
      // Not mine any more: what it is now is told by the list.
      if ((error as { code?: string }).code === 'NATTER_NOT_FOUND') void on.run()
    }
    thread.pulling = false
    active--
    on.idle()
  }

  return {
    pull(thread) {
      if (!thread.pulling && behind(thread)) void run(thread)
    },
    get active() {
      return active
    },
  }
}
