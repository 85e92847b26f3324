import type { ConversationInfo } from '@natter/client'
import type { ConversationSetting } from '../contract.js'

type Info = Pick<ConversationInfo, 'unread' | 'me'>

/** No sound and no push for it, at this time in ms. */
export const isMuted = (setting: ConversationSetting | undefined, now: number): boolean =>
  setting?.muted === true || (setting?.muted ?? 0) > now

/** Not to be listed: hidden, and nothing came since. */
export const isHidden = ({ unread, me }: Info, setting: ConversationSetting | undefined): boolean =>
  setting?.hidden !== undefined && unread === 0 && me.read <= setting.hidden

/** Marked as unread, and not read on since. */
export const isMarkedUnread = ({ me }: Info, setting: ConversationSetting | undefined): boolean =>
  setting?.unread !== undefined && me.read <= setting.unread
