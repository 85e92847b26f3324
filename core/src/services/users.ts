import { token } from '../contract/index.js'
import type { Token } from '../contract/index.js'

/** What others see of a person. */
export interface Profile {
  readonly id: string
  readonly name: string
  /** What they can be found by, where there is such a thing. */
  readonly handle?: string
  /** URL, or a path below the chat's prefix. */
  readonly avatar?: string
}
/** People, provided by `auth` (accounts of its own) or `hostIdentity` (the host's). */
export interface Users {
  /** Profiles of those who exist; others are left out. At most 200 ids. */
  lookup(ids: readonly string[]): Promise<readonly Profile[]>
  /** By exact handle. */
  find(handle: string): Promise<Profile | undefined>
  exists(id: string): Promise<boolean>
}
export const Users: Token<Users, 'users'> = token('users').of()
