import { andThen, NatterErrors } from '@natter/core'
import type { MessageContext } from '@natter/core'
import { deny } from '@natter/core/contract'
import type { Awaitable, Denied, Records, Storage } from '@natter/core/contract'
import { GroupsErrors } from './contract.js'
import type { lastWord } from './contract.js'
import { allows, leads } from './roles.js'
import type { Room } from './room.js'
import { isGroup } from './rooms.js'
import type { Rooms } from './rooms.js'

/** What of a draft is looked at. */
export interface Written {
  readonly conversation: string
  readonly from: string
  readonly clientId: string
  readonly type: string
  readonly text?: unknown
}

interface WritingParts {
  readonly rooms: Rooms
  readonly words: Records<typeof lastWord>
  readonly storage: Pick<Storage, 'log'>
}

const toAll = /(?:^|\s)@all\b/

/**
 * May this be written in a group? Judged by the group at the membership version that the message is stored under, or a later
 * one: what changed between sends the message back to be judged again.
 */
export function mayWrite(parts: WritingParts, draft: Written, context: MessageContext): Awaitable<Denied | undefined> {
  // What happened in a group is said by the system alone, wherever it is said.
  if (draft.type === 'group') return deny(NatterErrors.FORBIDDEN)
  if (!isGroup(context.kind)) return undefined
  return andThen(parts.rooms.at(draft.conversation, context.version ?? 0), (standing) => {
    if (!standing || standing.room.dissolved) return deny(NatterErrors.NOT_FOUND)
    const refused = refusal(standing.room, draft, context)
    if (refused) return toMember(parts, draft, refused)
    return context.counts ? inTime(standing.room, parts.words, draft, context) : undefined
  })
}

/** Only a member learns why. This node may not know yet that they were put out on another. */
async function toMember({ storage }: WritingParts, { from, conversation }: Written, refused: Denied): Promise<Denied> {
  const state = await storage.log.state(from, conversation)
  return !state || state.me.left ? deny(NatterErrors.NOT_FOUND) : refused
}

function refusal(room: Room, { from, text }: Written, { now }: MessageContext): Denied | undefined {
  if (!allows(room, from, 'write')) return deny(GroupsErrors.READ_ONLY)
  const until = room.people.get(from)?.mutedUntil ?? 0
  if (until > now) return deny(GroupsErrors.MUTED({ retryAfterMs: until - now }))
  if (room.settings.muted && !leads(room, from)) return deny(GroupsErrors.MUTED)
  if (typeof text === 'string' && toAll.test(text) && !allows(room, from, 'call')) return deny(GroupsErrors.MENTION_ALL)
  return undefined
}

/** In slow mode a member takes their turn in the store, so that two at once are not both the next. */
function inTime(
  room: Room,
  words: Records<typeof lastWord>,
  { conversation: group, from: user, clientId }: Written,
  { now }: MessageContext,
): Awaitable<Denied | undefined> {
  const { slowMs } = room.settings
  if (slowMs === 0 || leads(room, user)) return undefined
  return takeTurn(words, { group, user }, { clientId, now, slowMs })
}

async function takeTurn(
  words: Records<typeof lastWord>,
  key: { readonly group: string; readonly user: string },
  { clientId, now, slowMs }: { readonly clientId: string; readonly now: number; readonly slowMs: number },
): Promise<Denied | undefined> {
  const word = { at: now, clientId }
  if (await words.updateIf({ ...key, at: { lte: now - slowMs } }, word)) return undefined
  const last = await words.get(key)
  if (!last && (await words.insert({ ...key, ...word })) === 'inserted') return undefined
  const taken = last ?? (await words.get(key))
  // The same message, judged again because something else came first, or sent again because its answer was lost.
  if (taken?.clientId === clientId) return undefined
  const wait = Math.min(slowMs, (taken?.at ?? now) + slowMs - now)
  return deny(GroupsErrors.SLOW({ retryAfterMs: Math.max(1, wait) }))
}
