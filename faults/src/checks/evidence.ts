import type { Fetch, FetchedConversation } from '../people/fetch.js'
import type { Outcome } from '../people/talker.js'
import type { Screen } from '../people/screens.js'
import type { View } from '../people/view.js'
import type { History } from '../record/history.js'

/** Everything that is known when it is over. */
export interface Evidence {
  readonly history: History
  /** Fresh fetches of every person, from a server that was started afterwards. */
  readonly fetches: readonly Fetch[]
  readonly views: readonly View[]
  /** The views of clients that ran to the end. */
  readonly last: ReadonlySet<View>
  readonly screens: readonly Screen[]
  readonly outcomes: readonly Outcome[]
  /** An older store was put in place of the one that people had talked with. */
  readonly restored: boolean
  /** What the host has stored of its own, each with a message in the same transaction; nothing where there is no host. */
  readonly orders?: readonly string[] | undefined
}

/** A conversation as the store has it: as the first of its members fetched it. */
export function stored(evidence: Evidence): ReadonlyMap<string, FetchedConversation> {
  const all = new Map<string, FetchedConversation>()
  for (const { conversations } of evidence.fetches) {
    for (const [id, conversation] of conversations) if (!all.has(id)) all.set(id, conversation)
  }
  return all
}
