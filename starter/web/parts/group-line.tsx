import { untilTime } from '../format/dates.js'
import type { Conversation } from '../state/connect-chat.js'
import { useChat } from '../state/app-state.js'
import { texts } from '../text/texts.js'
import { useNow } from './use-now.js'

/** Below a group's name: how many are in it, and what it is about. */
export function GroupLine({ group }: { readonly group: string }) {
  const room = useChat().rooms.of(group).value
  if (!room) return null
  return <>{[texts.groups.size(room.size), room.settings.topic].filter(Boolean).join(' · ')}</>
}

/** Why I may not write in a group now; nothing where I may, and outside of groups. */
export function useSilence(conversation: Conversation | undefined): string | undefined {
  const { rooms, conversations } = useChat()
  const now = useNow()
  if (!conversation) return undefined
  if (conversations.value.find(({ id }) => id === conversation.id)?.left) return texts.groups.gone
  const room = rooms.of(conversation.id).value
  if (!room) return undefined
  const { role, mutedUntil = 0 } = room.me
  if (role === 'reader') return texts.groups.readOnly
  if (mutedUntil > now) return texts.groups.mutedMe(untilTime(mutedUntil, now))
  return room.settings.muted && role === 'member' ? texts.groups.mutedAll : undefined
}
