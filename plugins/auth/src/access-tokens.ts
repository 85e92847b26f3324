import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { SignJWT, errors, jwtVerify } from 'jose'
import type { JWTHeaderParameters } from 'jose'
import type { DerivedKey } from '@natter/core'

/** What an access token says: who, on which device, in which session, under which version of the account. */
export interface AccessClaims {
  readonly user: string
  readonly device: string
  readonly session: string
  readonly version: number
}
export interface AccessTokens {
  issue(claims: AccessClaims, now: number): Promise<{ readonly accessToken: string; readonly expiresAt: number }>
  /** What a token of ours says, and when it expires (ms); nothing for any other text. */
  verify(token: string, now: number): Promise<(AccessClaims & { readonly expiresAt: number }) | undefined>
  /** The public keys (RFC 7517). */
  readonly jwks: { readonly keys: Record<string, unknown>[] }
}

export interface AccessTokenOptions {
  readonly issuer: string
  readonly audience: string
  readonly lifeMs: number
}

const alg = 'EdDSA'
const typ = 'at+jwt'
/** How far the clocks of two nodes may differ, in seconds. */
export const skewSeconds = 30

/**
 * Access tokens: JWTs of type `at+jwt` (RFC 9068), signed with Ed25519 (RFC 8037) and nothing else. The keys come from
 * the master secrets, so that they rotate together: the newest signs, all verify, told apart by `kid`.
 */
export function accessTokens(seeds: readonly DerivedKey[], options: AccessTokenOptions): AccessTokens {
  const keys = new Map<string, { readonly signing: KeyObject; readonly verifying: KeyObject }>()
  for (const { kid, key } of seeds) {
    const signing = signingKey(key)
    keys.set(kid, { signing, verifying: createPublicKey(signing) })
  }
  const [kid, current] = [...keys][0]!
  const select = (header: JWTHeaderParameters) => {
    if (foreignKey.some((name) => name in header)) throw new errors.JOSENotSupported('only keys of this server count')
    const key = keys.get(header.kid ?? '')?.verifying
    if (!key) throw new errors.JWKSNoMatchingKey()
    return key
  }
  return {
    async issue({ user, device, session, version }, now) {
      const issued = Math.floor(now / 1000)
      const expires = issued + Math.floor(options.lifeMs / 1000)
      const accessToken = await new SignJWT({ sid: session, did: device, sv: version })
        .setProtectedHeader({ alg, typ, kid })
        .setSubject(user)
        .setIssuer(options.issuer)
        .setAudience(options.audience)
        .setIssuedAt(issued)
        .setExpirationTime(expires)
        .sign(current.signing)
      return { accessToken, expiresAt: expires * 1000 }
    },
    async verify(token, now) {
      try {
        const { payload } = await jwtVerify(token, select, {
          algorithms: [alg],
          typ,
          issuer: options.issuer,
          audience: options.audience,
          clockTolerance: skewSeconds,
          currentDate: new Date(now),
          requiredClaims: ['sub', 'sid', 'did', 'sv', 'iat', 'exp'],
        })
        const { sub, sid, did, sv, exp } = payload
        if (typeof sub !== 'string' || typeof sid !== 'string' || typeof did !== 'string') return undefined
        if (typeof sv !== 'number' || typeof exp !== 'number') return undefined
        return { user: sub, session: sid, device: did, version: sv, expiresAt: exp * 1000 }
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined
        throw error
      }
    },
    jwks: {
      keys: [...keys].map(([kid, { verifying }]) => ({
        ...verifying.export({ format: 'jwk' }),
        kid,
        use: 'sig',
        alg,
      })),
    },
  }
}

/** Header fields by which a token would bring its own key (RFC 7515 §4.1). */
const foreignKey = ['jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256']

/** PKCS #8 around an Ed25519 seed (RFC 8410 §7). */
const signingKey = (seed: Buffer) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  })
