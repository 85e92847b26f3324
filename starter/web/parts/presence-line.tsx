import { timeAgo } from '../format/dates.js'
import { useChat } from '../state/app-state.js'
import type { ChatState } from '../state/chat-state.js'
import { useReadable } from '../state/readable.js'
import { texts } from '../text/texts.js'
import { useNow } from './use-now.js'

/** Below a person's name: how they are, or when they were last there, as far as they let me know. */
export function PresenceLine({ user, otherwise }: { readonly user: string; readonly otherwise: string | undefined }) {
  const presence = useReadable(useChat().chat.presence.of(user))
  const now = useNow()
  if (!presence) return <>{otherwise}</>
  const { state, seen, status } = presence
  const words = state !== 'offline' ? texts.presence[state] : seen === undefined ? otherwise : since(seen, now)
  const said = status && [status.emoji, status.text].filter(Boolean).join(' ')
  return <>{[words, said].filter(Boolean).join(' · ')}</>
}

const since = (seen: number, now: number) => texts.presence.seen(timeAgo(seen, now))

/** Who is writing in a conversation, in words. */
export function useWriters({ chat, nameOf }: ChatState, conversation: string): string {
  const writers = useReadable(chat.presence.writers(conversation))
  return writers.length === 0 ? '' : texts.presence.typing(writers.map(({ user }) => nameOf(user)))
}
