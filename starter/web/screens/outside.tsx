import { useApp } from '../state/app-state.js'
import { Entrance } from './entrance.js'
import { Welcome } from './welcome.js'

/** Before the chat: the way in, and what whoever is new reads once. Most visits lead past it, so it comes when it is wanted. */
export function Outside() {
  return useApp().chat.value ? <Welcome /> : <Entrance />
}
