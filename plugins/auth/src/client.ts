/** `@natter/auth/client`: logging in from browsers and Node, and typed calls for a connected client. */
export { auth } from './client/auth-plugin.js'
export { authSession } from './client/auth-session.js'
export type { AskOptions, AuthSession, AuthSessionOptions, Entered, LoggedIn } from './client/auth-session.js'
export type { SessionStorage } from './client/platform.js'
export { RequestError } from './client/request.js'
