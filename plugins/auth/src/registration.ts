import { newId } from '@natter/core'
import { isDenied } from '@natter/core/contract'
import type { Awaitable, Denied } from '@natter/core/contract'
import type { AccountBook } from './accounts.js'
import type { Arrivals, Arrived, Arrival } from './arrivals.js'
import { AuthErrors } from './contract.js'
import type { RegisteredAnswer } from './contract.js'
import { parseHandle } from './handles.js'
import type { Handle } from './handles.js'
import { networkOf } from './limits.js'
import type { Limit } from './limits.js'
import type { PasswordRules } from './password-rules.js'
import type { Passwords } from './passwords.js'
import type { RecoveryCodes } from './recovery-codes.js'

export interface RegistrationParts {
  readonly accounts: AccountBook
  readonly passwords: Passwords
  readonly rules: PasswordRules
  readonly codes: RecoveryCodes
  readonly arrivals: Arrivals
  readonly limit: Limit
  readonly reserved: ReadonlySet<string>
  readonly open: boolean
  readonly allow: (who: { readonly handle: string; readonly ip: string }) => Awaitable<Denied | undefined>
  readonly registered: (who: { readonly user: string; readonly handle: string }) => void
}
/** The first way to log in of an account that is being made. */
export interface FirstWay {
  /** Before anything is stored. */
  check(handle: Handle): Promise<void> | void
  /** False when somebody else has it meanwhile. */
  set(user: string): Promise<boolean>
  remove(user: string): Promise<void>
}
export type Register = ReturnType<typeof registration>
export type Registered = Omit<Arrived, 'answer'> & { readonly answer: RegisteredAnswer }

/** The password as the first way to log in. */
export const byPassword = (parts: Pick<RegistrationParts, 'passwords' | 'rules'>, password: string): FirstWay => ({
  check: (handle) => parts.rules(password, handle),
  async set(user) {
    await parts.passwords.set(user, password)
    return true
  },
  remove: (user) => parts.passwords.remove(user),
})

/** Makes accounts. */
export function registration(parts: RegistrationParts) {
  return async (
    input: { readonly handle: string; readonly name?: string | undefined },
    way: FirstWay,
    arrival: Arrival,
  ): Promise<Registered> => {
    if (!parts.open) throw AuthErrors.REGISTRATION_CLOSED()
    const handle = parseHandle(input.handle, parts.reserved)
    if (!handle) throw AuthErrors.HANDLE_INVALID()
    await parts.limit.spend(networkOf(arrival.ip))
    const answer = await parts.allow({ handle: handle.handle, ip: arrival.ip })
    if (isDenied(answer)) throw answer.error
    await way.check(handle)
    if (await parts.accounts.byHandle(handle.handle)) throw AuthErrors.HANDLE_TAKEN()

    // The account last: it decides who gets the handle, and must not be there without a way in.
    const user = newId()
    if (!(await way.set(user))) throw AuthErrors.FACTOR_EXISTS()
    const codes = await parts.codes.renew(user)
    const account = await parts.accounts.make(user, handle, input.name?.trim() || handle.written)
    if (!account) {
      await way.remove(user)
      await parts.codes.remove(user)
      throw AuthErrors.HANDLE_TAKEN()
    }
    parts.registered({ user, handle: account.written })
    const arrived = await parts.arrivals.open(account, arrival, 'registration')
    return { ...arrived, answer: { ...arrived.answer, codes: [...codes] } }
  }
}
