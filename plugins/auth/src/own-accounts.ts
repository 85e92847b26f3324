import { NatterErrors } from '@natter/core'
import type { Account, AccountBook } from './accounts.js'
import { profileOf } from './accounts.js'
import { readAvatar } from './avatars.js'
import type { Pictures } from './avatars.js'
import type { OwnAccount } from './contract.js'
import type { RecoveryCodes } from './recovery-codes.js'

export interface OwnAccountParts {
  readonly accounts: AccountBook
  readonly pictures: Pictures
  readonly codes: RecoveryCodes
  /** Tells the person's devices and the people they talk with. */
  readonly changed: (account: Account) => Promise<void>
}

/** What people see and change of their own accounts. */
export class OwnAccounts {
  readonly #parts: OwnAccountParts

  constructor(parts: OwnAccountParts) {
    this.#parts = parts
  }

  async of(account: Account): Promise<OwnAccount> {
    return {
      ...profileOf(account),
      handle: account.written,
      createdAt: account.createdAt,
      recoveryCodes: await this.#parts.codes.left(account.id),
    }
  }

  async get(user: string): Promise<OwnAccount> {
    return this.of(present(await this.#parts.accounts.get(user)))
  }

  async setProfile(user: string, { name }: { readonly name?: string | undefined }): Promise<OwnAccount> {
    const trimmed = name?.trim()
    if (trimmed === undefined) return this.get(user)
    if (trimmed === '') throw NatterErrors.INVALID({ message: 'A name has at least one character.' })
    return this.#announce(await this.#parts.accounts.setName(user, trimmed))
  }

  async setAvatar(user: string, base64: string): Promise<OwnAccount> {
    const picture = await readAvatar(base64)
    // The picture first: an account that names a picture which is not there would show a broken one.
    await this.#parts.pictures.keep(user, picture)
    return this.#announce(await this.#parts.accounts.setAvatar(user, picture.hash))
  }

  async removeAvatar(user: string): Promise<OwnAccount> {
    const account = await this.#parts.accounts.setAvatar(user, undefined)
    await this.#parts.pictures.remove(user)
    return this.#announce(account)
  }

  async #announce(changed: Account | undefined): Promise<OwnAccount> {
    const account = present(changed)
    await this.#parts.changed(account)
    return this.of(account)
  }
}

/** A session can outlive its account for a moment. */
function present(account: Account | undefined): Account {
  if (!account) throw NatterErrors.UNAUTHENTICATED()
  return account
}
