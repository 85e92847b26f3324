import type { PersonPresence } from './contract.js'
import type { Live } from './people.js'
import type { Kept } from './settings.js'

/** A status that has not ended. */
export function lasting(status: PersonPresence['status'], now: number): PersonPresence['status'] {
  return status?.until !== undefined && status.until <= now ? undefined : status
}

/** How a person looks to those who may see them. */
export function personView(user: string, live: Live | undefined, kept: Kept, now: number): PersonPresence {
  const { mode, hideSeen, seen, told } = kept
  const hidden = !live || mode === 'invisible'
  const known = mode === 'invisible' && told ? told.status : kept.status
  const status = lasting(known, now)
  return {
    user,
    state: hidden ? 'offline' : mode === 'auto' ? (live.active ? 'online' : 'away') : mode,
    on: hidden ? [] : live.on,
    ...(status && { status }),
    ...(hidden && !hideSeen && seen !== undefined && { seen }),
  }
}

/** How everybody looks to those who may not see them, and who does not exist looks to all. */
export const unseen = (user: string): PersonPresence => ({ user, state: 'offline', on: [] })
