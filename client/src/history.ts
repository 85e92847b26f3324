import type { Page } from './api/messages.js'
import { entryOf } from './entry.js'
import type { Lane } from './lane.js'
import type { Standing } from './log.js'
import { hasOlder } from './thread.js'
import type { Thread } from './thread.js'
import type { Threads } from './threads.js'
import type { PageAnswer } from './wire.js'

const pageSize = 50

export interface History {
  /** Concurrent calls share one request. */
  loadOlder(thread: Thread, limit?: number): Promise<boolean>
  /** The first page of what the app looks at. */
  fill(thread: Thread): Promise<boolean>
  history(thread: Thread, options?: { readonly before?: number; readonly limit?: number }): Promise<Page>
}

/** Reads backwards, when the app asks. */
export function createHistory(
  standing: Standing,
  threads: Threads,
  lane: Lane,
  on: {
    ask(name: string, input: object): Promise<unknown>
    askOnce(name: string, input: object): Promise<unknown>
  },
  synced: () => Promise<void>,
): History {
  const loading = new Map<Thread, Promise<boolean>>()

  const page = (ask: typeof on.ask, conversation: string, before: number | undefined, limit: number) =>
    lane(
      () => ask('offline.page', { conversation, ...(before !== undefined && { before }), limit }),
      true,
    ) as Promise<PageAnswer>

  async function load(ask: typeof on.ask, thread: Thread, limit: number): Promise<boolean> {
    await synced()
    if (standing.relay || thread.have === undefined || !hasOlder(thread)) return false
    const { version } = thread
    const before = thread.window[0]?.seq ?? thread.have + 1
    const { entries, first } = await page(ask, thread.id, before, limit)
    // It may have been dropped or shortened meanwhile.
    if (thread.version !== version || (thread.window[0]?.seq ?? thread.have + 1) !== before) return hasOlder(thread)
    thread.first = Math.max(thread.first, entries.length ? first : before)
    thread.window = [...entries.map((tuple) => entryOf(thread.id, tuple, standing.connection)), ...thread.window]
    threads.touch(thread)
    return hasOlder(thread)
  }

  function once(ask: typeof on.ask, thread: Thread, limit: number) {
    const known = loading.get(thread)
    if (known) return known
    const promise = load(ask, thread, limit).finally(() => loading.delete(thread))
    loading.set(thread, promise)
    return promise
  }

  return {
    loadOlder: (thread, limit = pageSize) => once(on.askOnce, thread, limit),
    fill: (thread) => once(on.ask, thread, pageSize),
    async history(thread, { before, limit = pageSize } = {}) {
      const { entries, first } = await page(on.askOnce, thread.id, before, limit)
      return {
        messages: entries.map((tuple) => threads.view(thread, entryOf(thread.id, tuple, standing.connection))),
        more: (entries[0]?.[0] ?? 0) > first,
      }
    },
  }
}
