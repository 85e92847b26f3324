import type { Role } from '@natter/groups/contract'
import { isErased } from '../../format/message-words.js'
import type { Acted } from '../../state/connect-chat.js'
import type { Doing } from './message-menu.js'

/** So long the server lets one edit and delete for all, unless it is told otherwise, ms. What is late all the same it says. */
const lately = 2 * 86_400_000

interface Standing {
  readonly me: string
  /** I may write here. */
  readonly may: boolean
  /** Mine in a group. */
  readonly role: Role | undefined
  readonly now: number
}

/** What there is to do with a message, in the order of the menu. The server has the last word. */
export function offeredActs(acted: Acted, { me, may, role, now }: Standing): readonly Doing[] {
  const { message, pinned, poll } = acted
  const deleted = acted.deleted !== undefined || isErased(message)
  const leads = role === 'owner' || role === 'admin'
  const words = !deleted && (message.type === 'text' || message.type === 'reply' || message.type === 'forward')
  const mine = message.from === me
  const offered: readonly (readonly [Doing, boolean])[] = [
    ['reply', may && !deleted],
    ['thread', may],
    ['copy', words],
    ['edit', may && mayEdit(acted, now)],
    ['forward', words],
    [pinned ? 'unpin' : 'pin', may && !deleted && (role === undefined || leads)],
    ['closePoll', poll !== undefined && !poll.closed && (mine || leads)],
    ['details', mine && !deleted],
    ['remove', true],
    ['deleteForAll', !deleted && (leads || (mine && now - message.at < lately))],
  ]
  return offered.flatMap(([doing, is]) => (is ? doing : []))
}

/** Whether it is a text of mine that may still be changed. */
export const mayEdit = ({ message, deleted }: Acted, now: number): boolean =>
  message.own &&
  !deleted &&
  message.seq > 0 &&
  (message.type === 'text' || message.type === 'reply') &&
  now - message.at < lately
