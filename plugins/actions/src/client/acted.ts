import { actsOf, isClosed, isDeleted, isExpired, later } from '../later.js'
import type { AnyBody, Change } from '../later.js'

/** What of a message is looked at: any `MessageView` has it. */
export interface MessageLike {
  readonly type: string
  readonly seq: number
  readonly from: string
  readonly at: number
  readonly changed?: number
}

/** The message that a reply answers, as far as it is at hand; `gone` where it was deleted. */
export type Quoted<M> = { readonly seq: number; readonly message?: M; readonly gone: boolean }

/** A message with what was done to it. */
export interface ActedMessage<M> {
  readonly message: M
  /** It was deleted for all, by whom, as far as they are still there; what it said is not to be shown. */
  readonly deleted: { readonly by: string | undefined } | undefined
  /** When it was last edited, ms. */
  readonly edited: number | undefined
  readonly pinned: boolean
  /** When it disappears, ms by the server's clock. */
  readonly expires: number | undefined
  /** In the order of the first of each. */
  readonly reactions: readonly { readonly emoji: string; readonly users: readonly string[] }[]
  /** Of the message a thread begins with. */
  readonly thread: { readonly count: number; readonly last: number } | undefined
  readonly quote: Quoted<M> | undefined
  /** Of a poll: how often each option was chosen, and what whom it was chosen by; `closed` also once its time was over. */
  readonly poll:
    | {
        readonly counts: readonly number[]
        readonly ballots: readonly { readonly by: string; readonly choices: readonly number[] }[]
        readonly closed: boolean
      }
    | undefined
}

/** What an act says. */
interface Act {
  readonly what: Exclude<Change['what'], 'answered'>
  readonly by: string
  readonly of: number
  readonly emoji?: string
  readonly choices?: readonly number[]
}

const fieldsOf = (message: MessageLike) => message as MessageLike & AnyBody

/**
 * What to show of the messages of a conversation, a stretch without gaps that ends with the newest: those without the acts,
 * each with what was done to it. What is in `removed` is left out, and what has disappeared.
 */
export function acted<M extends MessageLike>(
  messages: readonly M[],
  removed: ReadonlySet<number>,
  now: number,
): readonly ActedMessage<M>[] {
  const changes = changesIn(messages)
  const bodies = new Map<number, AnyBody>()
  const bodyOf = (message: M): AnyBody => {
    const known = message.seq > 0 ? bodies.get(message.seq) : undefined
    if (known) return known
    let body: AnyBody = fieldsOf(message)
    for (const change of changes.get(message.seq) ?? []) {
      if (change.seq > (message.changed ?? 0)) body = later(body, change)
    }
    if (message.seq > 0) bodies.set(message.seq, body)
    return body
  }
  const bySeq = new Map(messages.map((message) => [message.seq, message]))
  const quote = (to: number): Quoted<M> => {
    const message = bySeq.get(to)
    if (!message) return { seq: to, gone: false }
    const body = bodyOf(message)
    const gone = isDeleted(body) || isExpired(body, now)
    return gone ? { seq: to, gone } : { seq: to, message, gone }
  }
  return messages
    .filter((message) => message.type !== 'act' && !removed.has(message.seq) && !isExpired(bodyOf(message), now))
    .map((message) => {
      const body = bodyOf(message)
      const { edited, pinned = false, reactions = [], thread } = actsOf(body)
      const to = body['to']
      return {
        message,
        deleted: isDeleted(body) ? { by: body['by'] as string | undefined } : undefined,
        edited,
        pinned,
        expires: body['expires'] as number | undefined,
        reactions: reactions.map(([emoji, users]) => ({ emoji, users })),
        thread,
        poll: body['type'] === 'poll' ? pollOf(body, now) : undefined,
        quote: body['type'] === 'reply' && typeof to === 'number' ? quote(to) : undefined,
      }
    })
}

function pollOf(body: AnyBody, now: number): ActedMessage<unknown>['poll'] {
  const ballots = (actsOf(body).ballots ?? []).map(([by, choices]) => ({ by, choices }))
  const options = body['options'] as readonly string[]
  const counts = options.map((_, option) => ballots.filter(({ choices }) => choices.includes(option)).length)
  return { counts, ballots, closed: isClosed(body, now) }
}

/** What happens to which message, in order. */
function changesIn(messages: readonly MessageLike[]): ReadonlyMap<number, readonly Change[]> {
  const changes = new Map<number, Change[]>()
  const add = (of: number, change: Change) => {
    const known = changes.get(of)
    if (known) known.push(change)
    else changes.set(of, [change])
  }
  for (const message of messages) {
    const { seq, from, at } = message
    if (message.type === 'act' && from === 'system') {
      const { what, by, of, emoji, choices } = fieldsOf(message) as unknown as Act
      add(of, { what, by, seq, at, emoji, choices })
    }
    const { thread } = fieldsOf(message)
    if (['reply', 'deleted'].includes(message.type) && seq > 0 && typeof thread === 'number') {
      add(thread, { what: 'answered', by: from, seq, at })
    }
  }
  return changes
}
