import type { ConversationState } from '@natter/core/contract'
import type { SettingRow } from './setting-row.js'

/** Where a person is by what only they know: what they read in private, and what they have hidden. */
export function ownState(state: ConversationState, row: SettingRow | undefined): ConversationState {
  if (!row || state.me.left) return state
  const read = Math.max(state.me.read, row.read ?? 0)
  const received = Math.max(state.me.received, read, row.received ?? 0)
  const me = { ...state.me, read, received }
  return {
    ...state,
    me,
    unread: ownUnread(state.n, state.unread, row),
    members: state.members.map((member) => (member.user === me.user ? me : member)),
  }
}

/** Unread by the log, less what was read in private or hidden: n(head) − n(max(read, floor, hidden)). */
export const ownUnread = (n: number, unread: number, row: SettingRow | undefined): number =>
  Math.max(0, Math.min(unread, n - (row?.readN ?? 0), n - (row?.hiddenN ?? 0)))
