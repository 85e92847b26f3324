import { isDenied } from '@natter/core/contract'
import { AuthErrors } from './contract.js'
import type { AuthenticationAttempt, Authenticator } from './contract.js'

/** The ways to log in of this server, and which of them follow one another. */
export class Factors {
  readonly #authenticators: () => ReadonlyMap<string, Authenticator>

  /** They are looked at when somebody logs in: some are made from what itself needs this. */
  constructor(authenticators: () => ReadonlyMap<string, Authenticator>) {
    this.#authenticators = authenticators
  }

  /** @throws AUTH_METHOD_UNKNOWN */
  method(name: string): Authenticator {
    const authenticator = this.#authenticators().get(name)
    if (!authenticator) throw AuthErrors.METHOD_UNKNOWN()
    return authenticator
  }

  /** What this account may give after a first factor; empty when nothing is asked for. */
  async further(user: string, used: string): Promise<readonly string[]> {
    const methods: string[] = []
    let asked = false
    for (const authenticator of this.#authenticators().values()) {
      if (authenticator.name === used || authenticator.role === 'first') continue
      const enrolled = (await authenticator.enrolled?.(user)) ?? false
      if (enrolled) methods.push(authenticator.name)
      if (enrolled === true) asked = true
    }
    return asked ? methods : []
  }

  /** Whether a code is a right one for any of these methods. */
  async code(methods: readonly string[], attempt: Omit<AuthenticationAttempt, 'state'>): Promise<boolean> {
    for (const name of methods) {
      const authenticator = this.method(name)
      if (authenticator.begin) continue
      const proved = await authenticator.verify({ ...attempt, state: undefined })
      if (proved && !isDenied(proved) && proved.user === attempt.user) return true
    }
    return false
  }
}
