import { token } from '../contract/index.js'
import type { Token } from '../contract/index.js'

/** A key derived for one purpose, with the id of the master secret it comes from. */
export interface DerivedKey {
  readonly kid: string
  /** 32 bytes. */
  readonly key: Buffer
}
/**
 * Keys that are not in the database. Master secrets come from `createChat({ secrets })`, from the environment
 * (`NATTER_SECRET`, or `NATTER_SECRETS` as `kid:secret,kid:secret`, newest first), or from a 0600 file in the data folder,
 * which is made on the first start. Keys per purpose are derived from them (HKDF-SHA-256, RFC 5869).
 */
export interface Secrets {
  /** The newest key of this purpose: sign and encrypt with it. */
  current(purpose: string): DerivedKey
  /** All that still count, newest first: verify with them. */
  all(purpose: string): readonly DerivedKey[]
}
export const Secrets: Token<Secrets, 'secrets'> = token('secrets').of()
