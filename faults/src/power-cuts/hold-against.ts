import type { LogEntry } from '@natter/core/contract'
import type { OpenedStore } from '../process/stores.js'
import { textOf } from './writing.js'
import type { Acked } from './writing.js'

/** What a cut did to acknowledged messages. */
export interface Held {
  readonly kept: readonly Acked[]
  readonly lost: number
  /** What else is wrong. */
  readonly wrong: readonly string[]
}

async function readAll({ log }: OpenedStore, conversation: string): Promise<readonly LogEntry[]> {
  const all: LogEntry[] = []
  for (;;) {
    const from = (all.at(-1)?.seq ?? 0) + 1
    const entries = await log.range(conversation, { from, to: 2 ** 40, limit: 500, bytes: 2 ** 24 })
    if (entries.length === 0) return all
    all.push(...entries)
  }
}

/** Holds acknowledged messages against what a cut left of their store, and closes it. */
export async function holdAgainst(store: OpenedStore, acked: readonly Acked[]): Promise<Held> {
  const conversations = new Map<string, readonly LogEntry[]>()
  try {
    // A store whose first commit was lost has no tables yet; a server would make them.
    await store.prepare([], [])
    for (const { conversation } of acked) {
      if (!conversations.has(conversation)) conversations.set(conversation, await readAll(store, conversation))
    }
  } finally {
    await store.close()
  }
  const kept: Acked[] = []
  const wrong: string[] = []
  for (const each of acked) {
    const { id, conversation, seq } = each
    const entry = conversations.get(conversation)![seq - 1]
    if (!entry) continue
    kept.push(each)
    if (entry.clientId !== id || entry.body !== JSON.stringify({ text: textOf(id) })) {
      wrong.push(`${id} was acknowledged as ${seq}, and after a cut that is ${entry.clientId}`)
    }
  }
  for (const [conversation, entries] of conversations) {
    const hole = entries.findIndex(({ seq }, place) => seq !== place + 1)
    if (hole >= 0) wrong.push(`after a cut ${conversation} has no ${hole + 1}`)
  }
  return { kept, lost: acked.length - kept.length, wrong }
}
