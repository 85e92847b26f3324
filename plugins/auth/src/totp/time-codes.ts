import { Secret, TOTP } from 'otpauth'

const periodMs = 30_000
/** Steps before and after that still count: clocks differ, and people type slowly (RFC 6238 §5.2). */
const window = 1
const settings = { algorithm: 'SHA1', digits: 6, period: periodMs / 1_000 } as const

/** A new secret of 160 bits (RFC 4226 §4), in base32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/** What authenticator apps read, as a link or a QR code. */
export const uriOf = (secret: string, issuer: string, label: string): string =>
  new TOTP({ ...settings, issuer, label, secret: Secret.fromBase32(secret) }).toString()

/** The time step (RFC 6238 §4.2) that a code belongs to; nothing when it is none of now. Spaces are ignored. */
export function stepOf(secret: string, code: string, now: number): number | undefined {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = TOTP.validate({ ...settings, token, secret: Secret.fromBase32(secret), timestamp: now, window })
  return delta === null ? undefined : Math.floor(now / periodMs) + delta
}
