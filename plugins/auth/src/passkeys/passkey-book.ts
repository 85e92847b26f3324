import { allRows, NatterErrors } from '@natter/core'
import type { Clock } from '@natter/core'
import type { Records } from '@natter/core/contract'
import { AuthErrors } from '../contract.js'
import type { credential } from '../contract.js'
import { digest } from '../digest.js'
import type { Credential } from '../ways-in.js'

const method = 'passkey'
const most = 20

/** What is kept of a passkey, beside its name and its counter. */
interface Kept {
  /** Credential id and public key (COSE), as base64url. */
  readonly credential: string
  readonly publicKey: string
  readonly transports: readonly string[]
  /** It was made with user verification, for logging in by itself. */
  readonly alone: boolean
  /** It is asked for after the password. */
  readonly second: boolean
}
export interface Passkey extends Kept {
  readonly user: string
  readonly id: string
  readonly name: string
  readonly counter: number
  readonly createdAt: number
}

/** The passkeys of accounts. No two accounts have the same one. */
export class PasskeyBook {
  readonly #rows: Records<typeof credential>
  readonly #clock: Clock

  constructor(rows: Records<typeof credential>, clock: Clock) {
    this.#rows = rows
    this.#clock = clock
  }

  async of(user: string): Promise<readonly Passkey[]> {
    const list: Passkey[] = []
    for await (const row of allRows(this.#rows, { user, method })) list.push(read(row))
    return list.sort((a, b) => a.createdAt - b.createdAt)
  }

  async byCredential(credentialId: string): Promise<Passkey | undefined> {
    const { rows } = await this.#rows.page({ method, subject: digest(credentialId) }, { limit: 1 })
    return rows[0] && read(rows[0])
  }

  /** @throws AUTH_TOO_MANY */
  async checkRoom(user: string): Promise<void> {
    if ((await this.of(user)).length >= most) throw AuthErrors.TOO_MANY()
  }

  /** @throws AUTH_FACTOR_EXISTS when it is some account's already */
  async add(passkey: Kept & Pick<Passkey, 'user' | 'name' | 'counter'>): Promise<Passkey> {
    const { user, name, counter, ...kept } = passkey
    const id = digest(kept.credential)
    const at = this.#clock.now()
    const row = { user, method, id, subject: id, secret: JSON.stringify(kept), name, used: counter, at }
    if ((await this.#rows.insert(row)) === 'exists') throw AuthErrors.FACTOR_EXISTS()
    return read(row)
  }

  /** @throws NATTER_NOT_FOUND */
  async change(user: string, id: string, set: { readonly name?: string; readonly second?: boolean }): Promise<Passkey> {
    const row = await this.#rows.get({ user, method, id })
    if (!row) throw NatterErrors.NOT_FOUND()
    const { secret } = row
    const passkey = read(row)
    const kept: Kept = {
      credential: passkey.credential,
      publicKey: passkey.publicKey,
      transports: passkey.transports,
      alone: passkey.alone,
      second: set.second ?? passkey.second,
    }
    const changed = await this.#rows.updateIf(
      { user, method, id, secret },
      { secret: JSON.stringify(kept), ...(set.name === undefined ? {} : { name: set.name }) },
    )
    if (!changed) throw NatterErrors.BUSY()
    return read(changed)
  }

  /**
   * Notes the signature counter (WebAuthn Level 3 §6.1.1), which only rises; authenticators without one always say 0. False when
   * it did not rise: of two that sign with the same key one is a copy.
   */
  async count({ user, id }: Passkey, counter: number): Promise<boolean> {
    if (counter > 0)
      return (await this.#rows.updateIf({ user, method, id, used: { lt: counter } }, { used: counter })) !== undefined
    const row = await this.#rows.get({ user, method, id })
    return row !== undefined && (row.used ?? 0) === 0
  }
}

export const startsLogIn = (row: Credential): boolean => row.method === method && read(row).alone

function read(row: Credential): Passkey {
  const { user, id, name = '', used: counter = 0, at: createdAt } = row
  return { ...(JSON.parse(row.secret) as Kept), user, id, name, counter, createdAt }
}
