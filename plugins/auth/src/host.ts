/** `@natter/auth/host`: the host's own users instead of accounts here. */
export { hostIdentity } from './host/host-identity.js'
export type { HostIdentity, HostIdentityOptions } from './host/host-identity.js'
export type { HostJwt } from './host/host-tokens.js'
export type { HostProfile, HostUser } from './host/host-user.js'
