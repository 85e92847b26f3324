/** `@natter/auth`: accounts, passwords, sessions and profiles. */
export { auth } from './plugin.js'
export type { AuthConfig } from './config.js'
export type { Way } from './way.js'
