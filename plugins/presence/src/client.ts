/** `@natter/presence/client`: who is there, as values that a page shows. */
import { clientPlugin } from '@natter/client'
import type { Readable } from '@natter/client'
import { presenceState } from './client/presence-state.js'
import type { PresenceOptions, PresenceState } from './client/presence-state.js'
import type * as contract from './contract.js'

export type { PresenceOptions, PresenceState, Scribe } from './client/presence-state.js'
export type { PersonPresence, PresenceSettings, Writing } from './contract.js'
export type { Readable }

/**
 * Typed calls of `presence`, and what it tells as values that follow.
 *
 * @example
 * const chat = createClient({ url, token, plugins: [presence()] })
 * const bob = chat.presence.of('bob')
 * bob.subscribe(() => show(bob.get()?.state))
 * input.oninput = () => chat.presence.writing(conversation)
 */
export const presence = clientPlugin<typeof contract>('presence', {
  watch: 'idempotent',
  active: 'idempotent',
  set: 'idempotent',
  mine: 'idempotent',
  write: 1,
}).with<PresenceState, PresenceOptions | void>((api, options) => presenceState(api, options ?? {}))
