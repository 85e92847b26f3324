import type { Authenticator } from './contract.js'
import type { RecoveryCodes } from './recovery-codes.js'

/** A one-time recovery code in place of a further factor that is out of reach. Only after a first factor. */
export const recoveryCodeAuthenticator = (codes: RecoveryCodes): Authenticator => ({
  name: 'recovery-code',
  role: 'second',
  enrolled: async (user) => (await codes.left(user)) > 0 && 'instead',
  async verify({ input: { code }, user }) {
    if (user === undefined || typeof code !== 'string' || code.length > 64) return undefined
    return (await codes.use(user, code)) ? { user } : undefined
  },
})
