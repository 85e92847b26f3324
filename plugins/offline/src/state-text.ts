import type { ConversationState } from '@natter/core/contract'
import { entryText } from '@natter/core/storage'

/** The JSON text of a conversation as one of its members sees it, with the unread messages that mention them. Ids and kinds are of a set without escapes. */
export function stateText(state: ConversationState, mentions: readonly number[] = []): string {
  const { me } = state
  const left = me.left ? ',"left":true' : ''
  const members =
    state.members.length === 0
      ? ''
      : `,"members":[${state.members.map(({ user, read, received }) => `{"user":"${user}","read":${read},"received":${received}}`).join(',')}]`
  const mentioned = mentions.length > 0 ? `,"mentions":[${mentions.join(',')}]` : ''
  const last = state.last && !me.left ? `,"last":${entryText(state.last)}` : ''
  return (
    `{"id":"${state.conversation}","kind":"${state.kind}","head":${state.seq},"n":${state.n},"at":${state.at},` +
    `"me":{"read":${me.read},"received":${me.received},"floor":${me.floor}${left}},"unread":${state.unread}${mentioned}${members}${last}}`
  )
}
