import { texts } from '../text/texts.js'
import type { ChatState } from './chat-state.js'
import type { ConversationInfo } from './connect-chat.js'

/** How a conversation is shown: as the other person, as a group, or as one's own notes. */
export interface Face {
  readonly kind: 'person' | 'group' | 'self'
  /** Of the person or the group. */
  readonly id: string
  readonly name: string
  readonly src: string | undefined
  readonly handle: string | undefined
}

/**
 * With whom a conversation is. Of one with a friend in which nothing was written yet the address says that it is with
 * somebody, and not with whom: so it is looked for among the friends.
 */
export function peerOf(
  { chat, friends }: ChatState,
  { id, peer, kind }: Pick<ConversationInfo, 'id' | 'peer' | 'kind'>,
): string | undefined {
  if (peer !== undefined || kind !== 'direct') return peer
  return friends.value.friends.find(({ user }) => chat.direct(user).id === id)?.user
}

export function faceOf(state: ChatState, { id, peer }: Pick<ConversationInfo, 'id' | 'peer'>): Face {
  if (peer === undefined) {
    const room = state.rooms.named(id)
    return { kind: 'group', id, name: room?.name ?? texts.groups.unknown, src: room?.avatar, handle: undefined }
  }
  const person = state.people.of(peer).value
  const kind = peer === state.user ? 'self' : 'person'
  const name = kind === 'self' ? texts.chat.self : state.nameOf(peer)
  return { kind, id: peer, name, src: person?.avatar, handle: person?.handle }
}
