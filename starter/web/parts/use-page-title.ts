import { useEffect } from 'preact/hooks'
import { useChat } from '../state/app-state.js'
import type { ChatState } from '../state/chat-state.js'
import { faceOf, peerOf } from '../state/face.js'
import type { Route } from '../state/route.js'
import { texts } from '../text/texts.js'

/** Keeps the window's title: how much is unread, and where one is. */
export function usePageTitle(route: Route): void {
  const state = useChat()
  const { unread } = state
  const count = unread.value
  const name = nameOf(state, route)
  useEffect(() => {
    const title = name === undefined ? texts.brand : texts.titleWith(name)
    document.title = count > 0 ? texts.titleUnread(count, title) : title
    return () => void (document.title = texts.brand)
  }, [count, name])
}

function nameOf(state: ChatState, route: Route): string | undefined {
  if (route.name === 'with') return state.people.byHandle(route.handle)?.name ?? texts.handleOf(route.handle)
  if (route.name !== 'conversation' && route.name !== 'about') return undefined
  const info = state.chat.conversation(route.id).info.get()
  return faceOf(state, { id: route.id, peer: peerOf(state, info) }).name
}
