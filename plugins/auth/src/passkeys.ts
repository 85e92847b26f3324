/** `@natter/auth/passkeys`: passkeys and security keys (WebAuthn) as first or second factor. */
export { passkeys } from './passkeys/passkeys.js'
export type { PasskeysOptions } from './passkeys/relying-party.js'
export { passkeyRoutes } from './passkeys/routes.js'
