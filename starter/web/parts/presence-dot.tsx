import { useChat } from '../state/app-state.js'
import { useReadable } from '../state/readable.js'
import { texts } from '../text/texts.js'

/** Whether somebody is there, as a dot on their picture. Who is not there, or not to be seen, has none. */
export function PresenceDot({ user }: { readonly user: string }) {
  const state = useReadable(useChat().chat.presence.of(user))?.state ?? 'offline'
  if (state === 'offline') return null
  return (
    <span class="presence-dot" data-state={state}>
      <span class="visually-hidden">{texts.presence[state]}</span>
    </span>
  )
}
