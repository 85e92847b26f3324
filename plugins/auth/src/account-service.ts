import type { AccountBook } from './accounts.js'
import type { Pictures } from './avatars.js'
import type { Accounts } from './contract.js'
import type { Passwords } from './passwords.js'
import type { Recovery } from './recovery.js'
import type { RecoveryCodes } from './recovery-codes.js'
import type { Sessions } from './sessions.js'

/** The service `accounts`: what the host and other plugins do with accounts. */
export function accountService(parts: {
  readonly accounts: AccountBook
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly codes: RecoveryCodes
  readonly pictures: Pictures
  readonly recovery: Recovery
}): Accounts {
  const { accounts, sessions, passwords, codes, pictures, recovery } = parts
  return {
    async close(user) {
      const closed = await accounts.close(user)
      if (!closed) return false
      await sessions.raised(closed)
      await Promise.all([passwords.remove(user), codes.remove(user), pictures.remove(user)])
      return true
    },
    async logout(user) {
      await sessions.endAll(user)
    },
    recoveryToken: (user) => recovery.tokenFor(user),
  }
}
