import { LRUCache } from 'lru-cache'
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { CryptoKey, JSONWebKeySet, JWK, JWTPayload, JWTVerifyGetKey, KeyObject } from 'jose'
import { NatterErrors } from '@natter/core'
import type { Awaitable } from '@natter/core/contract'
import { digest } from '../digest.js'
import { isSafeAddress } from '../safe-address.js'
import type { Falsy, HostUser } from './host-user.js'

/** How the host's JWTs are checked. Everything is pinned: nothing that a token says about itself is believed. */
export interface HostJwt {
  /** The address of the host's key set, or the set itself (RFC 7517). */
  readonly jwks?: string | URL | JSONWebKeySet
  /** One key, instead of a set. */
  readonly key?: KeyObject | CryptoKey | JWK | Uint8Array
  /** Who must have issued the token (`iss`): one of these. */
  readonly issuer: string | string[]
  /** Whom it must be for (`aud`): one of these. */
  readonly audience: string | string[]
  /** The algorithms that count, like `['EdDSA']`. */
  readonly algorithms: readonly string[]
  /** What the header's `typ` must be. Default: anything. */
  readonly typ?: string
  /** Who the claims name. Default: `sub`, `name`, and `sid` as the session. */
  readonly user?: (claims: JWTPayload) => Awaitable<HostUser | Falsy>
  /** Asked when a device connects and every 30 s after: whether this log-in still counts. Default: it does until it is disconnected. */
  readonly active?: (user: HostUser) => Awaitable<boolean>
}
export interface HostTokens {
  /** Who a token names; nothing when it does not count. @throws NATTER_BUSY when the host's keys cannot be had */
  verify(token: string, now: number): Promise<HostUser | undefined>
}

const remembered = 20_000
const skewSeconds = 30
/** What jose throws when the key set, and not the token, is at fault. */
const keysMissing = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'])

export function hostTokens(options: HostJwt): HostTokens {
  check(options)
  const keys = keySource(options)
  const userOf = options.user ?? standardUser
  const known = new LRUCache<string, { readonly user: HostUser; readonly expiresAt: number }>({ max: remembered })

  return {
    async verify(token, now) {
      const id = digest(token)
      const before = known.get(id)
      if (before && now < before.expiresAt) return before.user
      const claims = await claimsOf(token, now)
      const user = claims && (await userOf(claims))
      if (!user) return undefined
      known.set(id, { user, expiresAt: (claims.exp! + skewSeconds) * 1_000 })
      return user
    },
  }

  async function claimsOf(token: string, now: number): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtVerify(token, keys as JWTVerifyGetKey, {
        algorithms: [...options.algorithms],
        issuer: options.issuer,
        audience: options.audience,
        clockTolerance: skewSeconds,
        currentDate: new Date(now),
        requiredClaims: ['exp'],
        ...(options.typ === undefined ? {} : { typ: options.typ }),
      })
      return payload
    } catch (error) {
      if (error instanceof errors.JOSEError && !keysMissing.has(error.code)) return undefined
      throw NatterErrors.BUSY({ message: "The host's keys cannot be had. Try again.", cause: error })
    }
  }
}

const standardUser = ({ sub, name, sid }: JWTPayload): HostUser | undefined =>
  sub === undefined
    ? undefined
    : {
        id: sub,
        ...(typeof name === 'string' ? { name } : {}),
        ...(typeof sid === 'string' || typeof sid === 'number' ? { session: sid } : {}),
      }

function keySource({ jwks, key }: HostJwt) {
  if (key !== undefined) return () => key
  if (typeof jwks === 'string' || jwks instanceof URL) return createRemoteJWKSet(new URL(jwks))
  return createLocalJWKSet(jwks as JSONWebKeySet)
}

function check({ jwks, key, issuer, audience, algorithms }: HostJwt): void {
  const wrong = (message: string) => NatterErrors.CONFIG_INVALID({ message: `hostIdentity: ${message}` })
  if ((jwks === undefined) === (key === undefined)) throw wrong('"jwt" takes either "jwks" or "key".')
  if ((typeof jwks === 'string' || jwks instanceof URL) && !isSafeAddress(String(jwks)))
    throw wrong('"jwt.jwks" must be an https: address: whoever is on the way could put keys of their own there.')
  if (!issuer?.length || !audience?.length) throw wrong('"jwt.issuer" and "jwt.audience" must be given.')
  if (!algorithms?.length) throw wrong('"jwt.algorithms" must name the algorithms that count, like ["EdDSA"].')
  if (algorithms.includes('none')) throw wrong('"jwt.algorithms" cannot have "none": such a token is not signed.')
  const shared = algorithms.find((name) => name.startsWith('HS'))
  if (shared && jwks !== undefined)
    throw wrong(`"jwt.algorithms" has "${shared}", which a public key set cannot check.`)
}
