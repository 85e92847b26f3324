import { NatterErrors } from '@natter/core'
import type { InputOf } from '@natter/core/contract'
import type { Marks, Standing } from './marks.js'
import { forGood, settingOf } from './setting-row.js'
import type { SettingChange } from './setting-row.js'
import type { ConversationSetting, set } from './settings-contract.js'
import type { Shelf } from './shelf.js'

const draftBytes = 16_384

interface SettingsParts {
  readonly shelf: Shelf
  readonly marks: Marks
  readonly told: (user: string, setting: ConversationSetting) => void
  readonly toOwn: (user: string, conversation: string, standing: Standing) => void
}

/**
 * Sets what a person gave for a conversation of theirs, and tells their devices.
 *
 * @throws NATTER_NOT_FOUND, NATTER_TOO_LARGE, OFFLINE_TOO_MANY
 */
export async function setFor(
  { shelf, marks, told, toOwn }: SettingsParts,
  user: string,
  { conversation, muted, pinned, archived, hidden, unread, draft }: InputOf<(typeof set)['input']>,
): Promise<ConversationSetting> {
  const length = draft === undefined ? 0 : Buffer.byteLength(draft)
  if (length > draftBytes) {
    throw NatterErrors.TOO_LARGE({
      message: `A draft may have ${draftBytes} bytes.`,
      details: { max: draftBytes, length },
    })
  }
  const state = await marks.state(user, conversation)
  const upTo = Math.min(hidden ?? 0, state.seq)
  const hiddenN = typeof hidden === 'number' ? await marks.count(state, upTo) : 0
  const { row, moved } = await shelf.change(user, conversation, (before): SettingChange => ({
    ...(muted !== undefined && { muted: muted === true ? forGood : (muted ?? undefined) }),
    ...(pinned !== undefined && { pinned: pinned ?? undefined }),
    ...(archived !== undefined && { archived: archived || undefined }),
    ...(hidden === null && { hidden: undefined }),
    ...(typeof hidden === 'number' && { hidden: upTo, hiddenN: Math.max(before.hiddenN ?? 0, hiddenN) }),
    ...(unread !== undefined && { unread: unread === null ? undefined : Math.min(unread, state.me.read) }),
    ...(draft !== undefined && { draft: draft || undefined }),
  }))
  const setting = settingOf(row)
  // Also where nothing moved: the first try may have been committed and never told.
  if (setting.version > 0) told(user, setting)
  if (moved && typeof hidden === 'number') {
    const { me, n, unread: left } = await marks.state(user, conversation)
    toOwn(user, conversation, { read: me.read, received: me.received, n, unread: left })
  }
  return setting
}
