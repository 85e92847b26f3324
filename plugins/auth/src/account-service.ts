import type { Logger } from '@natter/core'
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
  readonly log: Logger
}): Accounts {
  const { accounts, sessions, credentials, pictures, recovery } = parts
  const note = (user: string, act: string) => parts.log.info({ user, act }, 'the host acted on an account')
  return {
    async close(user) {
      const closed = await accounts.close(user)
      if (!closed) return false
      await sessions.raised(closed)
      await Promise.all([credentials.remove({ user }), pictures.remove(user)])
      note(user, 'close')
      return true
    },
    async logout(user) {
      await sessions.endAll(user)
      note(user, 'logout')
    },
    async removeFactors(user) {
      await credentials.remove({ user, method: { in: ['passkey', 'totp'] } })
      await sessions.endAll(user)
      note(user, 'removeFactors')
    },
    async recoveryToken(user) {
      const made = await recovery.tokenFor(user)
      if (made) note(user, 'recoveryToken')
      return made
    },
  }
}
