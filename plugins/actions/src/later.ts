/** A body, with its type unless that is `text`. */
export type AnyBody = Readonly<Record<string, unknown>>

/** What was done to a message since it was sent, as its body has it. */
export interface Acts {
  /** When it was last edited, ms. */
  readonly edited?: number
  /** Who reacted with what, in the order of the first of each kind. */
  readonly reactions?: readonly (readonly [emoji: string, users: readonly string[]])[]
  readonly pinned?: true
  /** Of a poll: who chose what, by their number; of an anonymous one, ids that stand for people. */
  readonly ballots?: readonly (readonly [by: string, choices: readonly number[]])[]
  /** When a poll was closed, ms. */
  readonly closed?: number
  /** How many answers its thread has, and the seq of the newest. */
  readonly thread?: { readonly count: number; readonly last: number }
}

/** What happens to a message: an act on it, or an answer in its thread. */
export interface Change {
  readonly what:
    'edited' | 'deleted' | 'reacted' | 'unreacted' | 'pinned' | 'unpinned' | 'answered' | 'voted' | 'closed' | 'expired'
  readonly by: string
  /** Of the entry that says so. */
  readonly seq: number
  readonly at: number
  readonly emoji?: string | undefined
  /** Of a vote: the numbers of the options; none takes it back. */
  readonly choices?: readonly number[] | undefined
  /** What an edited message says now. No entry carries it; where it is not known the text stays as it was. */
  readonly fields?: { readonly text: string; readonly mentions?: readonly string[] | undefined } | undefined
}

/**
 * So many reactions one message has at most, and so many kinds of them; so many people vote in one poll. What is beyond does
 * not count, on any node.
 */
export const mostReactions = 200
export const mostEmoji = 20
export const mostBallots = 500

export const actsOf = (body: AnyBody): Acts => (body['acts'] ?? {}) as Acts
/** Deleted for all, or at its time. */
export const isDeleted = (body: AnyBody): boolean => body['type'] === 'deleted'
/** Whether it has disappeared, or would have if the clock here is right. */
export const isExpired = (body: AnyBody, now: number): boolean =>
  body['expired'] === true || (typeof body['expires'] === 'number' && body['expires'] <= now)

/** Whether nobody votes any more: it was closed, or its time is over. */
export const isClosed = (body: AnyBody, now: number): boolean =>
  actsOf(body).closed !== undefined || (typeof body['until'] === 'number' && body['until'] <= now)

/** What somebody chose. */
export const ballotOf = (body: AnyBody, by: string): readonly number[] | undefined =>
  actsOf(body).ballots?.find(([each]) => each === by)?.[1]

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
      return put(tombstone(body, { by: change.by }), acts.thread ? { thread: acts.thread } : {})
    case 'expired':
      return put(tombstone(body, { expired: true }), acts.thread ? { thread: acts.thread } : {})
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
    case 'voted':
      return isClosed(body, change.at) ? body : vote(body, acts, change.by, change.choices ?? [])
    case 'closed':
      return isClosed(body, change.at) ? body : put(body, { ...acts, closed: change.at })
  }
}

/** Its place in a thread stays, so that the thread has as many answers as before. */
function tombstone({ thread }: AnyBody, why: AnyBody): AnyBody {
  return { type: 'deleted', ...why, ...(thread !== undefined && { thread }) }
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

function vote(body: AnyBody, acts: Acts, by: string, choices: readonly number[]): AnyBody {
  const { ballots = [], ...others } = acts
  const known = ballots.some(([each]) => each === by)
  if (!known && (choices.length === 0 || ballots.length >= mostBallots)) return body
  const left = known
    ? ballots.map((each) => (each[0] === by ? ([by, choices] as const) : each))
    : [...ballots, [by, choices] as const]
  const cast = left.filter(([, chosen]) => chosen.length > 0)
  return put(body, cast.length > 0 ? { ...others, ballots: cast } : others)
}

function put(body: AnyBody, acts: Acts): AnyBody {
  const { acts: _, ...others } = body
  return Object.keys(acts).length > 0 ? { ...others, acts } : others
}
