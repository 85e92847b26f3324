import { isHidden, isMarkedUnread, isMuted } from '@natter/offline/client'
import type { ConversationSetting } from '@natter/offline/client'
import type { ConversationInfo } from './connect-chat.js'

/** How I keep a conversation. */
export interface Standing {
  readonly muted: boolean
  /** Smaller numbers stand above. */
  readonly pinned: number | undefined
  readonly archived: boolean
  readonly hidden: boolean
  /** Marked as unread, though nothing in it is. */
  readonly marked: boolean
}

export function standingOf(info: ConversationInfo, setting: ConversationSetting | undefined, now: number): Standing {
  return {
    muted: isMuted(setting, now),
    pinned: setting?.pinned,
    archived: setting?.archived === true,
    hidden: isHidden(info, setting),
    marked: info.unread === 0 && isMarkedUnread(info, setting),
  }
}

/** What is to be counted as unread: not what is muted or put away. */
export function countedUnread({ unread, left }: ConversationInfo, { muted, archived, marked }: Standing): number {
  return left || muted || archived ? 0 : unread || Number(marked)
}

/** Pinned ones first, each at its place. The others stay in their order. */
export const byPin = (a: Standing, b: Standing): number => (a.pinned ?? Infinity) - (b.pinned ?? Infinity) || 0
