import { createHmac, randomBytes } from 'node:crypto'
import type { DerivedKey } from '@natter/core'
import { sameText } from './digest.js'

/**
 * Refresh tokens: `<session>.<256 bits>.<seal>`. The bits of the first are random; those of a successor are an HMAC of the
 * token that it replaces, so that the same token always has the same successor though only hashes are stored. The seal,
 * 128 bits of HMAC, tells a token that was once issued from one that somebody made up to end another's session.
 */
export interface RefreshTokens {
  first(session: string): string
  /** What may replace this token, by each key that still counts, the current one first. */
  successors(token: string): readonly string[]
  /** The session that a text of the right shape names. */
  sessionOf(token: string): string | undefined
  /** Whether it was issued here. */
  genuine(token: string): boolean
}

export function refreshTokens(keys: readonly DerivedKey[]): RefreshTokens {
  const compose = (key: Buffer, session: string, bits: string) => `${session}.${bits}.${seal(key, session, bits)}`
  const current = keys[0]!.key
  return {
    first: (session) => compose(current, session, randomBytes(32).toString('base64url')),
    successors(token) {
      const session = parse(token)?.session
      if (session === undefined) return []
      return keys.map(({ key }) => compose(key, session, mac(key, 'next', token).toString('base64url')))
    },
    sessionOf: (token) => parse(token)?.session,
    genuine(token) {
      const parts = parse(token)
      return parts !== undefined && keys.some(({ key }) => sameText(seal(key, parts.session, parts.bits), parts.seal))
    },
  }
}

const pattern = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{22})$/
function parse(token: string) {
  const found = pattern.exec(token)
  return found ? { session: found[1]!, bits: found[2]!, seal: found[3]! } : undefined
}

const mac = (key: Buffer, label: string, text: string) => createHmac('sha256', key).update(`${label}\0${text}`).digest()
const seal = (key: Buffer, session: string, bits: string) =>
  mac(key, 'seal', `${session}.${bits}`).subarray(0, 16).toString('base64url')
