import type { Authenticator } from './contract.js'
import type { Passwords } from './passwords.js'

/** Handle and password, the first way to log in. */
export const passwordAuthenticator = (passwords: Passwords): Authenticator => ({
  name: 'password',
  role: 'first',
  async verify({ input: { handle, password } }) {
    if (typeof handle !== 'string' || typeof password !== 'string') return undefined
    const account = await passwords.check(handle, password)
    return account && { user: account.id }
  },
})
