import type { Route } from '../state/route.js'
import { ChatById, ChatWith } from './chat-screen.js'

/** Conversations, and all that one does in them. */
export function ChatPages({ route }: { readonly route: Extract<Route, { name: 'with' | 'conversation' }> }) {
  if (route.name === 'with') return <ChatWith key={route.handle} handle={route.handle} />
  return <ChatById key={route.id} id={route.id} goal={route} />
}
