/** `@natter/auth/client`: logging in from browsers and Node, and typed calls for a connected client. */
export { authSession } from './client/auth-session.js'
export type { AuthSession, AuthSessionOptions, LoggedIn, TokenRequest } from './client/auth-session.js'
export type { Readable } from './client/observable.js'
export type { SessionStorage } from './client/platform.js'
export { RequestError } from './client/request.js'
