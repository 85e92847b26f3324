import { randomBytes } from 'node:crypto'
import type { Clock, Logger } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { Account, AccountBook } from './accounts.js'
import type { credential } from './contract.js'
import type { PasswordHashing } from './password-hashing.js'

export interface PasswordParts {
  readonly accounts: AccountBook
  readonly rows: Records<typeof credential>
  readonly hashing: PasswordHashing
  readonly clock: Clock
  readonly log: Logger
}

const key = (user: string) => ({ user, method: 'password', id: 'password' }) as const
/** An id that no account has, so that a wrong handle costs the same look-ups as a right one. */
const nobody = 'nobody'

/** The passwords of accounts. */
export class Passwords {
  readonly #parts: PasswordParts
  #decoy = ''

  constructor(parts: PasswordParts) {
    this.#parts = parts
  }

  /** Makes the hash that is compared where there is no account. */
  async prepare(): Promise<void> {
    this.#decoy = await this.#parts.hashing.hash(randomBytes(16).toString('hex'))
  }

  /** Whose handle and password these are. The same work for an unknown handle as for a wrong password. */
  async check(handle: string, password: string): Promise<Account | undefined> {
    const account = await this.#parts.accounts.byHandle(handle)
    const right = await this.verify(account?.id ?? nobody, password)
    return right ? account : undefined
  }

  async verify(user: string, password: string): Promise<boolean> {
    const { rows, hashing } = this.#parts
    const row = await rows.get(key(user))
    const right = await hashing.verify(row?.secret ?? this.#decoy, password)
    if (!row || !right) return false
    if (hashing.outdated(row.secret)) await this.#strengthen(user, row.secret, password)
    return true
  }

  async set(user: string, password: string): Promise<void> {
    const { rows, hashing, clock } = this.#parts
    await rows.upsert({ ...key(user), secret: await hashing.hash(password), at: clock.now() })
  }

  async remove(user: string): Promise<void> {
    await this.#parts.rows.take(key(user))
  }

  /** Only while the old hash is still there: a change of the password at the same time wins. */
  async #strengthen(user: string, old: string, password: string): Promise<void> {
    const { rows, hashing, log } = this.#parts
    try {
      const secret = await hashing.hash(password)
      await rows.updateIf({ ...key(user), secret: old }, { secret })
    } catch (error) {
      // The password was right all the same; the next log-in tries again.
      log.warn({ err: error, user }, 'a password could not be hashed anew')
    }
  }
}
