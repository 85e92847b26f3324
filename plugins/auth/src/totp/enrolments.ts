import { NatterErrors } from '@natter/core'
import type { Principal } from '@natter/core'
import { AuthErrors } from '../contract.js'
import type { Proof } from '../fresh-proof.js'
import type { Sealing } from '../sealed.js'
import type { WayDesk } from '../way.js'
import { newSecret, stepOf, uriOf } from './time-codes.js'

/** So long may it take to set an app up, ms. */
const lifeMs = 600_000
const key = (user: string) => ({ user, method: 'totp', id: 'totp' }) as const
const pending = (user: string) => `totp:${user}`
const wrong = () =>
  AuthErrors.WRONG_CREDENTIALS({ message: 'This code is wrong, used or over. Wait for the next one.' })

/** The authenticator apps of accounts, one each. */
export class Enrolments {
  readonly #desk: WayDesk
  readonly #sealing: Sealing
  readonly #issuer: string

  constructor(desk: WayDesk, sealing: Sealing, issuer: string) {
    this.#desk = desk
    this.#sealing = sealing
    this.#issuer = issuer
  }

  async state(user: string) {
    const row = await this.#desk.credentials.get(key(user))
    return row ? { enrolled: true, since: row.at } : { enrolled: false }
  }

  /** Makes a secret that counts once `confirm` has seen a code of it. */
  async begin(who: Principal, proof: Proof) {
    const { accounts, ceremonies, clock, credentials, fresh } = this.#desk
    await fresh.confirm(who, proof)
    const account = await accounts.get(who.user)
    if (!account) throw NatterErrors.UNAUTHENTICATED()
    if (await credentials.get(key(who.user))) throw AuthErrors.FACTOR_EXISTS()
    const secret = newSecret()
    await ceremonies.set(pending(who.user), this.#sealing.seal(secret, who.user), { ttlMs: lifeMs })
    return { secret, uri: uriOf(secret, this.#issuer, account.written), expiresAt: clock.now() + lifeMs }
  }

  async confirm({ user }: Principal, code: string): Promise<{}> {
    const { ceremonies, clock, credentials, tries } = this.#desk
    await tries.spend(user)
    const secret = await ceremonies.get(pending(user))
    if (secret === undefined) throw AuthErrors.FLOW_ENDED()
    const now = clock.now()
    const used = this.#step(user, secret, code, now)
    if (used === undefined) throw wrong()
    // The code that confirmed is used: it does not log anybody in.
    const row = { ...key(user), secret, at: now, used }
    if ((await credentials.insert(row)) === 'exists') throw AuthErrors.FACTOR_EXISTS()
    await ceremonies.delete(pending(user))
    await tries.forgive(user)
    this.#desk.log.info({ user, way: 'totp' }, 'a way to log in was added')
    return {}
  }

  async enrolled(user: string): Promise<boolean> {
    return (await this.#desk.credentials.get(key(user))) !== undefined
  }

  /** True once per code: the step must be later than the last one that was used, in one atomic write (RFC 6238 §5.2). */
  async use(user: string, code: string): Promise<boolean> {
    const { clock, credentials } = this.#desk
    const row = await credentials.get(key(user))
    const step = row && this.#step(user, row.secret, code, clock.now())
    if (!row || step === undefined) return false
    const secret = this.#sealing.renew(row.secret, user)
    const used = await credentials.updateIf(
      { ...key(user), secret: row.secret, used: { lt: step } },
      { used: step, secret },
    )
    return used !== undefined
  }

  async remove(who: Principal, proof: Proof): Promise<{}> {
    const { credentials, fresh } = this.#desk
    if (!(await this.enrolled(who.user))) throw NatterErrors.NOT_FOUND()
    await fresh.confirm(who, proof)
    await credentials.take(key(who.user))
    this.#desk.log.info({ user: who.user, way: 'totp' }, 'a way to log in was removed')
    return {}
  }

  #step(user: string, sealed: string, code: string, now: number): number | undefined {
    const secret = this.#sealing.open(sealed, user)
    if (secret !== undefined) return stepOf(secret, code, now)
    this.#desk.log.warn(
      { user },
      'the secret of an authenticator app cannot be read: the server lost the key it was sealed with',
    )
    return undefined
  }
}
