import { isId } from '@natter/core'
import type { Profile } from '@natter/core'

export type Falsy = undefined | null | false | 0 | ''
/** Who the host says this is. */
export interface HostUser {
  readonly id: string | number
  readonly name?: string
  /** The host's name for this log-in, so that `chat.disconnect({ user, session })` finds it. The page can see it: give no secret. */
  readonly session?: string | number | undefined
}
/** A person, as the host describes them. */
export interface HostProfile {
  readonly id: string | number
  readonly name: string
  readonly handle?: string | undefined
  /** URL. */
  readonly avatar?: string | undefined
}

/** A host's id as text. @throws TypeError, for the host's developer, outside the id set */
export function hostId(id: unknown, what: string): string {
  // NaN is a number, and "NaN" would be somebody.
  const text = typeof id === 'string' || typeof id === 'bigint' || Number.isSafeInteger(id) ? String(id) : ''
  if (isId(text)) return text
  throw new TypeError(
    `hostIdentity: the ${what} ${JSON.stringify(text || typeof id)} cannot be used as an id; ` +
      'an id has 1 to 64 of A-Z a-z 0-9 _ . @ : -. Give another that identifies the same, for example a hash.',
  )
}

export const hostProfile = ({ id, name, handle, avatar }: HostProfile): Profile => ({
  id: hostId(id, 'user id'),
  name,
  ...(handle === undefined ? {} : { handle }),
  ...(avatar === undefined ? {} : { avatar }),
})
