import type { Awaitable } from '../contract/index.js'
import { isDenied } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { ConversationMembers } from '../hooks.js'
import type { PipelineParts } from './parts.js'
import type { People } from './people.js'
import { isPromise, then } from './then.js'

/** Where a message goes, judged: who is there, and at which membership version. */
export interface Place {
  readonly conversation: string
  readonly kind: string
  readonly users: People
  readonly version: number | undefined
  /** Both people of a direct conversation; with its first entry it is created. */
  readonly direct: readonly [string, string] | undefined
  readonly peer: string | undefined
  /** Whether the answer must name the conversation: it was addressed to a person. */
  readonly named: boolean
}

/**
 * Finds the place of a send by `from`. Refuses alike where there is no such conversation and where it is not theirs. The
 * vetoes of the plugins in `without` are not asked.
 */
export function findPlace(
  parts: PipelineParts,
  from: string,
  to: string | { readonly user: string },
  without?: readonly string[],
): Awaitable<Place> {
  if (typeof to === 'string') return byConversation(parts, from, to)
  return byPerson(parts, from, to.user, without ? parts.openWithout(without) : parts.open)
}

function byConversation(parts: PipelineParts, from: string, conversation: string): Awaitable<Place> {
  if (!parts.members)
    throw NatterErrors.NOT_FOUND({ message: 'Address the person: this server keeps no conversations.' })
  return then(parts.members(conversation, undefined), (members) => {
    if (isDenied(members)) throw members.error
    if (members?.users.includes(from)) return placeOf(from, conversation, members, false)
    if (!members) throw NatterErrors.NOT_FOUND()
    return then(parts.members!(conversation, { missing: from }), (again) => {
      if (isDenied(again)) throw again.error
      if (!again?.users.includes(from)) throw NatterErrors.NOT_FOUND()
      return placeOf(from, conversation, again, false)
    })
  })
}

function byPerson(parts: PipelineParts, from: string, to: string, open: PipelineParts['open']): Awaitable<Place> {
  const conversation = parts.directIds.of(from, to)
  const direct = [from, to] as const
  const known = parts.members?.(conversation, undefined)
  return then(known, (members) => {
    if (isDenied(members)) throw members.error
    if (members) return oneOfTwo(from, conversation, members)
    const place: Place = {
      conversation,
      kind: 'direct',
      users: from === to ? [from] : direct,
      version: undefined,
      direct,
      peer: to,
      named: true,
    }
    if (parts.opened.has(conversation)) return place
    return then(mayOpen(parts, from, to, open), () => {
      parts.opened.add(conversation)
      return place
    })
  })
}

/** Who was erased from it has no place in it any more. */
function oneOfTwo(from: string, conversation: string, members: ConversationMembers): Place {
  if (!members.users.includes(from)) throw NatterErrors.NOT_AVAILABLE()
  return placeOf(from, conversation, members, true)
}

/** The place of somebody who is a member. */
export function placeOf(from: string, conversation: string, members: ConversationMembers, named: boolean): Place {
  const pair = members.kind === 'direct'
  const peer = pair ? otherThan(from, members.users) : undefined
  return {
    conversation,
    kind: members.kind,
    users: members.users,
    version: members.version,
    direct: peer === undefined ? undefined : [from, peer],
    peer,
    named,
  }
}

function otherThan(from: string, users: People): string {
  for (const user of users) if (user !== from) return user
  return from
}

function mayOpen(parts: PipelineParts, from: string, to: string, open: PipelineParts['open']): Awaitable<void> {
  // Counted first, so that asking who exists is limited too.
  const wait = from === to ? 0 : parts.mayOpen(from)
  if (wait > 0) throw NatterErrors.RATE_LIMITED({ message: 'Too many new conversations.', retryAfterMs: wait })
  return then(parts.exists?.(to) ?? true, (there) => {
    if (!there) throw NatterErrors.NOT_AVAILABLE()
    const verdict = open?.({ from, to }, undefined)
    return isPromise(verdict) ? verdict.then(refuse) : refuse(verdict)
  })
}

function refuse(verdict: unknown): void {
  if (isDenied(verdict)) throw verdict.error
}
