/** `@natter/auth/totp`: codes of an authenticator app as a second factor. */
export { totp } from './totp/totp.js'
export type { TotpOptions } from './totp/totp.js'
export { totpRoutes } from './totp/routes.js'
