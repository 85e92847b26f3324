import type { Clock, Conversations } from '@natter/core'
import { newId } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { GroupRights } from '@natter/groups/contract'
import { actOf } from './acts.js'
import type { Judgement, Step } from './acts.js'
import { ActionsErrors } from './contract.js'
import type { pinRow } from './contract.js'
import { actsOf, ballotOf, hasReaction, isClosed, isDeleted, mostBallots, mostEmoji, mostReactions } from './later.js'
import { mustBeMessage } from './reading.js'
import type { Seen } from './reading.js'

/** What acts are judged by. */
export interface Law {
  readonly conversations: Conversations
  readonly rights: GroupRights | undefined
  readonly clock: Clock
  readonly pins: Records<typeof pinRow>
  readonly bounds: { readonly editMs: number; readonly deleteMs: number; readonly pins: number }
}

/** What can be edited: what a person wrote themselves. */
const written = ['text', 'reply']

/** @throws ACTIONS_TOO_LATE */
function mustBeInTime({ clock }: Law, { entry }: Seen, windowMs: number): void {
  if (clock.now() - entry.at > windowMs) throw ActionsErrors.TOO_LATE()
}

/** Whether the role allows it; nothing where there are no roles. */
const mayBy = async ({ rights }: Law, { me, state }: Seen, what: 'clear' | 'pin', author?: string) =>
  rights?.may(state.conversation, me, what, { version: state.version, ...(author !== undefined && { author }) })

/** An act that others see passes what a message passes, and takes nobody's turn to write. */
async function asWritten({ conversations }: Law, { me, state, entry }: Seen, change: Step['change']): Promise<Step> {
  const body = actOf(change, me, entry.seq)
  const options = { id: newId(), counts: false, without: ['actions'] }
  const { version } = await conversations.judge(me, state.conversation, body, options)
  return { change, version }
}

export const edit =
  (law: Law, text: string, mentions: readonly string[] = []): Judgement =>
  async (seen) => {
    const { me, state, entry, body, type } = seen
    mustBeMessage(seen)
    if (entry.from !== me) throw ActionsErrors.NOT_YOURS()
    if (!written.includes(type)) throw ActionsErrors.CANNOT()
    const named = [...new Set(mentions)]
    if (body['text'] === text && JSON.stringify(body['mentions'] ?? []) === JSON.stringify(named)) return undefined
    mustBeInTime(law, seen, law.bounds.editMs)
    const { acts: _, ...sent } = body
    const { mentions: __, ...others } = sent as Readonly<Record<string, unknown>>
    const draft = { ...others, type, text, ...(named.length > 0 && { mentions: named }) }
    // Under the id of the message, so that who waits their turn in slow mode may correct what they wrote last.
    const options = { id: entry.clientId, without: ['actions'] }
    const { version, fields } = await law.conversations.judge(me, state.conversation, draft, options)
    const now = fields as { readonly text: string; readonly mentions?: readonly string[] }
    return { change: { what: 'edited', fields: { text: now.text, mentions: now.mentions } }, version }
  }

/** Everybody may take their own words back, also who may not write any more. */
export const deleteForAll =
  (law: Law): Judgement =>
  async (seen) => {
    const { me, state, entry, body } = seen
    if (entry.from === 'system') throw ActionsErrors.CANNOT()
    const mine = entry.from === me
    const clears = (await mayBy(law, seen, 'clear', entry.from)) === true
    if (!mine && !clears) throw ActionsErrors.NOT_ALLOWED()
    if (entry.body === '' || isDeleted(body)) return undefined
    if (!clears) mustBeInTime(law, seen, law.bounds.deleteMs)
    return { change: { what: 'deleted' }, version: state.version }
  }

export const react =
  (law: Law, emoji: string): Judgement =>
  async (seen) => {
    mustBeMessage(seen)
    const { me, body } = seen
    if (hasReaction(body, me, emoji)) return undefined
    const { reactions = [] } = actsOf(body)
    const all = reactions.reduce((sum, [, users]) => sum + users.length, 0)
    const known = reactions.some(([each]) => each === emoji)
    if (all >= mostReactions || (!known && reactions.length >= mostEmoji)) throw ActionsErrors.TOO_MANY()
    return asWritten(law, seen, { what: 'reacted', emoji })
  }

export const unreact =
  (emoji: string): Judgement =>
  async ({ me, state, body }) =>
    hasReaction(body, me, emoji) ? { change: { what: 'unreacted', emoji }, version: state.version } : undefined

export const pin =
  (law: Law): Judgement =>
  async (seen) => {
    const { conversation } = seen.state
    if ((await mayBy(law, seen, 'pin')) === false) throw ActionsErrors.NOT_ALLOWED()
    mustBeMessage(seen)
    if (actsOf(seen.body).pinned) return undefined
    const { rows } = await law.pins.page({ conversation, live: 1 }, { limit: law.bounds.pins + 1 })
    if (rows.length >= law.bounds.pins) throw ActionsErrors.TOO_MANY()
    return asWritten(law, seen, { what: 'pinned' })
  }

export const unpin =
  (law: Law): Judgement =>
  async (seen) => {
    if ((await mayBy(law, seen, 'pin')) === false) throw ActionsErrors.NOT_ALLOWED()
    return actsOf(seen.body).pinned ? { change: { what: 'unpinned' }, version: seen.state.version } : undefined
  }

/** @throws ACTIONS_CANNOT, ACTIONS_DELETED */
export function mustBePoll(seen: Seen): void {
  mustBeMessage(seen)
  if (seen.type !== 'poll') throw ActionsErrors.CANNOT()
}

export const vote =
  (law: Law, asOf: (seen: Seen) => string, choices: readonly number[]): Judgement =>
  async (seen) => {
    mustBePoll(seen)
    const { body } = seen
    const as = asOf(seen)
    const chosen = [...new Set(choices)].sort((a, b) => a - b)
    const before = ballotOf(body, as)
    if (JSON.stringify(before ?? []) === JSON.stringify(chosen)) return undefined
    if (isClosed(body, law.clock.now())) throw ActionsErrors.CLOSED()
    const options = body['options'] as readonly string[]
    if (chosen.some((each) => each >= options.length) || (chosen.length > 1 && body['multi'] !== true)) {
      throw ActionsErrors.CHOICE()
    }
    if (!before && (actsOf(body).ballots ?? []).length >= mostBallots) throw ActionsErrors.TOO_MANY()
    return { ...(await asWritten(law, seen, { what: 'voted', choices: chosen })), as }
  }

export const closePoll =
  (law: Law): Judgement =>
  async (seen) => {
    const { me, entry, state, body } = seen
    if (entry.from === 'system') throw ActionsErrors.CANNOT()
    const closes = entry.from === me || (await mayBy(law, seen, 'clear', entry.from)) === true
    if (!closes) throw ActionsErrors.NOT_ALLOWED()
    mustBePoll(seen)
    return isClosed(body, law.clock.now()) ? undefined : { change: { what: 'closed' }, version: state.version }
  }
