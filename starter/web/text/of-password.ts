import { codeOf } from './error-text.js'
import { formErrors } from './form-error-text.js'

/** A wrong password here is not a failed log-in, so it is said in other words. */
export const ofPassword = (error: unknown): Error =>
  codeOf(error) === 'AUTH_WRONG_CREDENTIALS'
    ? Object.assign(new Error(formErrors.wrongPassword), { code: 'wrongPassword' })
    : (error as Error)
