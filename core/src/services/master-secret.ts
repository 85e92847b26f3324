import { createHash } from 'node:crypto'
import { NatterErrors } from '../errors.js'

/** A secret from which keys are derived, and the id by which its keys are told from those of others. */
export interface MasterSecret {
  readonly kid: string
  readonly secret: string
}

/** In characters: 32 random ones of base64 are 192 bits. */
const shortest = 32
/** A phrase typed by hand may repeat itself; `aaaa…` and `1234 1234 …` are no secrets. */
const fewestDistinct = 8
const kidShape = /^[A-Za-z0-9_-]{1,32}$/

/**
 * Reads `kid:secret` separated by commas or lines, newest first.
 *
 * @throws NATTER_CONFIG_INVALID, NATTER_SECRET_WEAK
 */
export function parseSecrets(text: string, where: string): readonly MasterSecret[] {
  const secrets = text
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const colon = item.indexOf(':')
      return { kid: item.slice(0, Math.max(colon, 0)), secret: item.slice(colon + 1) }
    })
  return checkedSecrets(secrets, where)
}

/** One secret; its id is taken from a hash of it, so that it stays the same. */
export function singleSecret(secret: string, where: string): readonly MasterSecret[] {
  const kid = createHash('sha256').update(`natter kid ${secret}`).digest('base64url').slice(0, 8)
  return checkedSecrets([{ kid, secret }], where)
}

/** @throws NATTER_CONFIG_INVALID, NATTER_SECRET_WEAK */
export function checkedSecrets(secrets: readonly MasterSecret[], where: string): readonly MasterSecret[] {
  const kids = new Set(secrets.map(({ kid }) => kid))
  if (secrets.length === 0 || kids.size < secrets.length || secrets.some(({ kid }) => !kidShape.test(kid))) {
    throw NatterErrors.CONFIG_INVALID({
      message: `${where} cannot be read as secrets.\n  Write kid:secret,kid:secret with the newest first, each kid once, of A-Z a-z 0-9 _ -.`,
    })
  }
  for (const { secret } of secrets) checkStrength(secret, where)
  return secrets
}

function checkStrength(secret: string, where: string): void {
  if (secret.length >= shortest && new Set(secret).size >= fewestDistinct) return
  const why = secret.length < shortest ? `of ${secret.length} characters` : 'that repeats itself'
  throw NatterErrors.SECRET_WEAK({
    message: `${where} has a secret ${why}; it needs at least ${shortest} random ones.\n  Make one: openssl rand -base64 48`,
  })
}
