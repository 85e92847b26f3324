import type { Network } from '../record/network.js'
import { RawLine } from './raw-line.js'
import type { Shown } from './view.js'

/** An entry as a fresh fetch gives it; `n` counts the messages up to it. */
export interface Fetched extends Shown {
  readonly n: number
}
export interface FetchedConversation {
  readonly id: string
  readonly head: number
  readonly n: number
  readonly unread: number
  readonly first: number
  readonly me: { readonly read: number; readonly received: number; readonly floor: number }
  readonly members: readonly { readonly user: string; readonly read: number; readonly received: number }[]
  readonly entries: readonly Fetched[]
}
/** All that a person may read, asked by a device that knows nothing. */
export interface Fetch {
  readonly user: string
  readonly conversations: ReadonlyMap<string, FetchedConversation>
  /** Conversations that a sync by the newest cursor tells of, though nothing changed. */
  readonly unchanged: readonly string[]
}

type Tuple = readonly [number, number, string, number, string, { readonly text?: string }]
type State = Omit<FetchedConversation, 'entries' | 'first' | 'members'> & Partial<Pick<FetchedConversation, 'members'>>
interface Sync {
  readonly cursor: string
  readonly more: boolean
  readonly conversations: readonly State[]
}

const entryOf = ([seq, n, from, at, clientId, body]: Tuple): Fetched => ({
  seq,
  n,
  from,
  at,
  clientId,
  text: body.text ?? '',
})

/** Fetches everything afresh as this user, over a connection of its own. */
export async function fetchAll(network: Network, user: string): Promise<Fetch> {
  const line = await new Promise<RawLine>((resolve) => {
    const made = new RawLine(network, user, { token: `${user}:fresh` }, { up: () => resolve(made) })
  })
  try {
    const { states, cursor } = await syncAll(line, undefined)
    const again = await syncAll(line, cursor)
    const conversations = new Map<string, FetchedConversation>()
    for (const state of states.values()) conversations.set(state.id, await history(line, state))
    return { user, conversations, unchanged: [...again.states.keys()] }
  } finally {
    line.close()
  }
}

async function syncAll(line: RawLine, from: string | undefined) {
  const states = new Map<string, State>()
  let cursor = from
  for (let more = true; more;) {
    const answer: Sync = await line.ask('offline.sync', cursor === undefined ? {} : { cursor })
    for (const state of answer.conversations) states.set(state.id, state)
    // A cursor that stands still would be asked for ever.
    more = answer.more && answer.cursor !== cursor
    cursor = answer.cursor
  }
  return { states, cursor }
}

async function history(line: RawLine, state: State): Promise<FetchedConversation> {
  const entries: Fetched[] = []
  let first = 1
  for (let after = 0; after < state.head;) {
    const page: { readonly entries: readonly Tuple[]; readonly first: number } = await line.ask('offline.page', {
      conversation: state.id,
      after,
      limit: 200,
    })
    first = page.first
    if (page.entries.length === 0) break
    entries.push(...page.entries.map(entryOf))
    after = page.entries.at(-1)![0]
  }
  return { members: [], ...state, first, entries }
}
