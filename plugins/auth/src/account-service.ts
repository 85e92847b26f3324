import type { Records } from '@natter/core/contract'
import type { AccountBook } from './accounts.js'
import type { Pictures } from './avatars.js'
import type { Accounts, credential } from './contract.js'
import type { Recovery } from './recovery.js'
import type { Sessions } from './sessions.js'

/** The service `accounts`: what the host and other plugins do with accounts. */
export function accountService(parts: {
  readonly accounts: AccountBook
  readonly sessions: Sessions
  readonly credentials: Records<typeof credential>
  readonly pictures: Pictures
  readonly recovery: Recovery
}): Accounts {
  const { accounts, sessions, credentials, pictures, recovery } = parts
  return {
    async close(user) {
      const closed = await accounts.close(user)
      if (!closed) return false
      await sessions.raised(closed)
      await Promise.all([credentials.remove({ user }), pictures.remove(user)])
      return true
    },
    async logout(user) {
      await sessions.endAll(user)
    },
    async removeFactors(user) {
      await credentials.remove({ user, method: { in: ['passkey', 'totp'] } })
      await sessions.endAll(user)
    },
    recoveryToken: (user) => recovery.tokenFor(user),
  }
}
