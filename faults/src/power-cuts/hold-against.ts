import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, configSchema } from '@natter/storage-sql'
import type { LogEntry } from '@natter/core/contract'
import type { StoreName } from '../process/stores.js'
import { textOf } from './writing.js'
import type { Acked } from './writing.js'

type Read = (conversation: string) => Promise<readonly LogEntry[]>

/** How a store is opened on the disk that a cut left, to read it. Nothing where it is not even there. */
const opened: Record<StoreName, (folder: string) => Promise<{ read: Read; close(): Promise<void> } | undefined>> = {
  async sqlite(folder) {
    const file = join(folder, 'chat.db')
    if (!existsSync(file)) return undefined
    const clock = { now: () => Date.now(), monotonic: () => performance.now() }
    const store = await openStore(configSchema.parse({ url: `sqlite:${file}`, durability: 'unsafe' }), clock)
    // A store whose first commit was lost has no tables yet; a server would make them.
    await store.prepare([], [])
    return {
      read: (conversation) =>
        readAll((from) => store.log.range(conversation, { from, to: 2 ** 40, limit: 500, bytes: 2 ** 24 })),
      close: () => store.close(),
    }
  },
}

async function readAll(page: (from: number) => Promise<readonly LogEntry[]>): Promise<readonly LogEntry[]> {
  const all: LogEntry[] = []
  for (;;) {
    const entries = await page((all.at(-1)?.seq ?? 0) + 1)
    if (entries.length === 0) return all
    all.push(...entries)
  }
}

/** Holds acknowledged messages against what a cut left of their store. */
export async function holdAgainst(
  store: StoreName,
  folder: string,
  acked: readonly Acked[],
): Promise<{ readonly lost: number; readonly wrong: readonly string[] }> {
  const open = await opened[store](folder)
  if (!open) return { lost: acked.length, wrong: [] }
  const conversations = new Map<string, readonly LogEntry[]>()
  try {
    for (const { conversation } of acked) {
      if (!conversations.has(conversation)) conversations.set(conversation, await open.read(conversation))
    }
  } finally {
    await open.close()
  }
  let lost = 0
  const wrong: string[] = []
  for (const { id, conversation, seq } of acked) {
    const entry = conversations.get(conversation)![seq - 1]
    if (!entry) lost++
    else if (entry.clientId !== id || entry.body !== JSON.stringify({ text: textOf(id) })) {
      wrong.push(`${id} was acknowledged as ${seq}, and after a cut that is ${entry.clientId}`)
    }
  }
  for (const [conversation, entries] of conversations) {
    const hole = entries.findIndex(({ seq }, place) => seq !== place + 1)
    if (hole >= 0) wrong.push(`after a cut ${conversation} has no ${hole + 1}`)
  }
  return { lost, wrong }
}
