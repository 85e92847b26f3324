import { hkdfSync } from 'node:crypto'
import { join } from 'node:path'
import { NatterErrors } from '../errors.js'
import { checkedSecrets, parseSecrets, singleSecret } from './master-secret.js'
import type { MasterSecret } from './master-secret.js'
import { readSecretFile } from './secret-file.js'
import type { DerivedKey, Secrets } from './secrets.js'

export interface SecretsOptions {
  /** One secret, or several, newest first. Wins over the environment. */
  readonly secrets?: string | readonly MasterSecret[] | undefined
  /** Read for `NATTER_SECRET` and `NATTER_SECRETS`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the file `secrets` is kept when nothing else gives a secret. It is not touched before a key is asked for. */
  readonly folder: string
}

/**
 * Keys per purpose by HKDF-SHA-256 (RFC 5869) from master secrets of the option, of the environment, or of a 0600 file.
 *
 * @throws NATTER_SECRET_WEAK, NATTER_CONFIG_INVALID at once for given secrets; with the file, at the first key, also
 * NATTER_SECRET_EXPOSED and NATTER_SECRET_UNREADABLE.
 */
export function derivedSecrets(options: SecretsOptions): Secrets {
  let masters = given(options)
  const derived = new Map<string, readonly DerivedKey[]>()

  const all = (purpose: string): readonly DerivedKey[] => {
    const known = derived.get(purpose)
    if (known !== undefined) return known
    masters ??= fromFile(join(options.folder, 'secrets'))
    const keys = masters.map(({ kid, secret }) => ({ kid, key: derive(secret, purpose) }))
    derived.set(purpose, keys)
    return keys
  }
  return { all, current: (purpose) => all(purpose)[0] as DerivedKey }
}

function given({ secrets, env }: SecretsOptions): readonly MasterSecret[] | undefined {
  if (typeof secrets === 'string') return singleSecret(secrets, 'createChat({ secrets })')
  if (secrets !== undefined) return checkedSecrets(secrets, 'createChat({ secrets })')
  const { NATTER_SECRET: one, NATTER_SECRETS: several } = env
  if (one && several) {
    throw NatterErrors.CONFIG_INVALID({
      message:
        'NATTER_SECRET and NATTER_SECRETS are both set.\n  Keep one; to rotate, put all into NATTER_SECRETS, newest first.',
    })
  }
  if (several) return parseSecrets(several, 'NATTER_SECRETS')
  return one ? singleSecret(one, 'NATTER_SECRET') : undefined
}

const fromFile = (path: string) => parseSecrets(readSecretFile(path), path)

const derive = (secret: string, purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'natter', purpose, 32))
