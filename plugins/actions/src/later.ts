/** A body, with its type unless that is `text`. */
export type AnyBody = Readonly<Record<string, unknown>>

/** What was done to a message since it was sent, as its body has it. */
export interface Acts {
  /** When it was last edited, ms. */
  readonly edited?: number
  /** Who reacted with what, in the order of the first of each kind. */
  readonly reactions?: readonly (readonly [emoji: string, users: readonly string[]])[]
  readonly pinned?: true
  /** How many answers its thread has, and the seq of the newest. */
  readonly thread?: { readonly count: number; readonly last: number }
}

/** What happens to a message: an act on it, or an answer in its thread. */
export interface Change {
  readonly what: 'edited' | 'deleted' | 'reacted' | 'unreacted' | 'pinned' | 'unpinned' | 'answered'
  readonly by: string
  /** Of the entry that says so. */
  readonly seq: number
  readonly at: number
  readonly emoji?: string | undefined
  /** What an edited message says now. No entry carries it; where it is not known the text stays as it was. */
  readonly fields?: { readonly text: string; readonly mentions?: readonly string[] | undefined } | undefined
}

/** So many reactions one message has at most, and so many kinds of them. What is beyond does not count, on any node. */
export const mostReactions = 200
export const mostEmoji = 20

export const actsOf = (body: AnyBody): Acts => (body['acts'] ?? {}) as Acts
/** Deleted for all. */
export const isDeleted = (body: AnyBody): boolean => body['type'] === 'deleted'

/** Whether there is such a reaction. */
export const hasReaction = (body: AnyBody, by: string, emoji: string): boolean =>
  actsOf(body).reactions?.some(([each, users]) => each === emoji && users.includes(by)) === true

/**
 * A body after what happened to its message; the same one where that changes nothing. Server and client go by this alone, so
 * that what a device makes of the events is what a fresh fetch gives.
 */
export function later(body: AnyBody, change: Change): AnyBody {
  const acts = actsOf(body)
  if (change.what === 'answered') {
    if ((acts.thread?.last ?? 0) >= change.seq) return body
    return put(body, { ...acts, thread: { count: (acts.thread?.count ?? 0) + 1, last: change.seq } })
  }
  if (isDeleted(body)) return body
  switch (change.what) {
    case 'deleted':
      return put(tombstone(body, change.by), acts.thread ? { thread: acts.thread } : {})
    case 'edited':
      return put(edited(body, change.fields), { ...acts, edited: change.at })
    case 'reacted':
      return react(body, acts, change.by, change.emoji!)
    case 'unreacted':
      return unreact(body, acts, change.by, change.emoji!)
    case 'pinned':
      return acts.pinned ? body : put(body, { ...acts, pinned: true })
    case 'unpinned': {
      const { pinned, ...others } = acts
      return pinned ? put(body, others) : body
    }
  }
}

/** Its place in a thread stays, so that the thread has as many answers as before. */
function tombstone({ thread }: AnyBody, by: string): AnyBody {
  return { type: 'deleted', by, ...(thread !== undefined && { thread }) }
}

function edited(body: AnyBody, fields: Change['fields']): AnyBody {
  if (!fields) return body
  const { mentions: _, ...others } = body
  const { text, mentions } = fields
  return { ...others, text, ...(mentions && mentions.length > 0 && { mentions }) }
}

function react(body: AnyBody, acts: Acts, by: string, emoji: string): AnyBody {
  const reactions = acts.reactions ?? []
  const known = reactions.find(([each]) => each === emoji)
  const all = reactions.reduce((sum, [, users]) => sum + users.length, 0)
  if (known?.[1].includes(by) || all >= mostReactions || (!known && reactions.length >= mostEmoji)) return body
  const more = known
    ? reactions.map((each) => (each === known ? ([emoji, [...known[1], by]] as const) : each))
    : [...reactions, [emoji, [by]] as const]
  return put(body, { ...acts, reactions: more })
}

function unreact(body: AnyBody, acts: Acts, by: string, emoji: string): AnyBody {
  if (!hasReaction(body, by, emoji)) return body
  const { reactions = [], ...others } = acts
  const left = reactions
    .map(([each, users]) => [each, each === emoji ? users.filter((user) => user !== by) : users] as const)
    .filter(([, users]) => users.length > 0)
  return put(body, left.length > 0 ? { ...others, reactions: left } : others)
}

function put(body: AnyBody, acts: Acts): AnyBody {
  const { acts: _, ...others } = body
  return Object.keys(acts).length > 0 ? { ...others, acts } : others
}
