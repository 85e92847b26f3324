/** `@natter/auth/contract`: accounts, sessions, profiles, and the port for further ways to log in. */
import { z } from 'zod'
import { command, defineErrors, event, field, hook, model, route, token } from '@natter/core/contract'
import type { Denied, Token } from '@natter/core/contract'
import { id, ok, profile as profileSchema, time } from '@natter/core/schema'
import { anyPassword, arriving, deviceName, displayName, freshProof, handle, newPassword } from './inputs.js'
import { access, loginAnswer, ownAccount, registeredAnswer, sessionAnswer } from './session-answers.js'
import type { factorAnswer } from './session-answers.js'

// Shapes

/** One device that is logged in. */
const deviceRow = z.object({
  session: id,
  device: id,
  name: z.string(),
  createdAt: time,
  /** Accurate to a few minutes. */
  lastSeenAt: time,
  /** This is the one that asks. */
  current: z.boolean(),
})

const waysAnswer = z.object({
  /** Names of methods that a log-in can start or go on with, like `totp` and `passkey`. */
  methods: z.array(z.string()),
  /** OpenID Connect providers. */
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
})
const everywhereAnswer = access.partial()
const codes = z.object({ codes: z.array(z.string()) })

const changePasswordInput = z.object({ current: anyPassword, password: newPassword })
const profileInput = z.object({ name: displayName.optional() })
const lookupInput = z.object({ ids: z.array(id).max(200) })
const lookupAnswer = z.object({ profiles: z.array(profileSchema) })
const findInput = z.object({ handle })
const devicesAnswer = z.object({ devices: z.array(deviceRow) })
const nameDeviceInput = z.object({ session: id, name: deviceName })
const sessionInput = z.object({ session: id })
const everywhereInput = z.object({
  /** Stay logged in here. */
  keepThis: z.boolean().default(false),
})

/** My account, as `me` gives it. */
export type OwnAccount = z.infer<typeof ownAccount>
/** One of my devices that is logged in. */
export type Device = z.infer<typeof deviceRow>
/** A new session: who it is, and the access token. */
export type SessionAnswer = z.infer<typeof sessionAnswer>
/** A new session, and the recovery codes, which are shown this once. */
export type RegisteredAnswer = z.infer<typeof registeredAnswer>
/** The log-in needs a further factor, one of those named. */
export type FactorAnswer = z.infer<typeof factorAnswer>
/** A session, or the question for a further factor. */
export type LoginAnswer = z.infer<typeof loginAnswer>

// Commands, over the WebSocket

/** A person by their exact handle. @throws NATTER_NOT_AVAILABLE when there is nobody to be found under it. */
export const find = command('auth.find', {
  idempotent: true,
  limit: { points: 60, windowMs: 60_000 },
  input: findInput,
  output: profileSchema,
})
/** Profiles of the people who exist; others are left out. */
export const lookup = command('auth.lookup', { idempotent: true, input: lookupInput, output: lookupAnswer })
/** My own account. */
export const me = command('auth.me', { idempotent: true, input: ok, output: ownAccount })
/** Sets my display name, and answers my profile as it is then. */
export const profile = command('auth.profile', { idempotent: true, input: profileInput, output: ownAccount })
/** My devices, newest first. */
export const devices = command('auth.devices', { idempotent: true, input: ok, output: devicesAnswer })
/** Names one of my devices. @throws NATTER_NOT_FOUND */
export const nameDevice = command('auth.nameDevice', { idempotent: true, input: nameDeviceInput, output: ok })
/** Logs one of my devices out; its connections are closed. @throws NATTER_NOT_FOUND */
export const revokeDevice = command('auth.revokeDevice', { idempotent: true, input: sessionInput, output: ok })
/** Logs all my devices out. With `keepThis`, the answer has this device's new access token: earlier ones no longer count. */
export const logoutEverywhere = command('auth.logoutEverywhere', {
  idempotent: true,
  input: everywhereInput,
  output: everywhereAnswer,
})
/**
 * Changes my password and logs my other devices out. The answer has this device's new access token: earlier ones no
 * longer count. @throws AUTH_WRONG_CREDENTIALS, AUTH_PASSWORD_WEAK
 */
export const changePassword = command('auth.changePassword', {
  limit: { points: 10, windowMs: 900_000 },
  input: changePasswordInput,
  output: access,
})

/** A person I talk with, or I myself on another device, changed name or picture. */
export const changed = event('auth.changed', profileSchema)

// HTTP, below `<prefix>/auth`

const many = 'NATTER_RATE_LIMITED'
const origin = 'AUTH_ORIGIN_REFUSED'
const busy = 'NATTER_BUSY'

/** The routes. A browser uses those that set its cookie; everything else is also a command. */
export const routes = {
  register: route('auth.register', {
    method: 'POST',
    path: '/register',
    summary: 'Make an account and log this device in',
    public: true,
    status: 201,
    input: z.object({ handle, password: newPassword, name: displayName.optional(), ...arriving }),
    output: registeredAnswer,
    errors: [
      'AUTH_HANDLE_INVALID',
      'AUTH_HANDLE_TAKEN',
      'AUTH_PASSWORD_WEAK',
      'AUTH_REGISTRATION_CLOSED',
      origin,
      many,
      busy,
    ],
  }),
  login: route('auth.login', {
    method: 'POST',
    path: '/login',
    summary: 'Log in with handle and password',
    public: true,
    input: z.object({ handle, password: anyPassword, ...arriving }),
    output: loginAnswer,
    errors: ['AUTH_WRONG_CREDENTIALS', origin, many, busy],
  }),
  begin: route('auth.begin', {
    method: 'POST',
    path: '/login/begin',
    summary: 'Start a method that needs a challenge first',
    public: true,
    input: z.object({
      method: z.string().max(32),
      /** The flow of a log-in that asked for a further factor; without one, a log-in starts. */
      flow: z.string().max(64).optional(),
      input: z.record(z.string(), z.unknown()).default({}),
    }),
    output: z.object({ flow: z.string(), challenge: z.unknown(), expiresAt: time }),
    errors: ['AUTH_METHOD_UNKNOWN', 'AUTH_FLOW_ENDED', many],
  }),
  verify: route('auth.verify', {
    method: 'POST',
    path: '/login/verify',
    summary: 'Answer a challenge, or give a further factor',
    public: true,
    input: z.object({
      method: z.string().max(32),
      flow: z.string().max(64).optional(),
      input: z.record(z.string(), z.unknown()).default({}),
      ...arriving,
    }),
    output: loginAnswer,
    errors: ['AUTH_METHOD_UNKNOWN', 'AUTH_FLOW_ENDED', 'AUTH_WRONG_CREDENTIALS', origin, many, busy],
  }),
  ways: route('auth.ways', {
    method: 'GET',
    path: '/ways',
    summary: 'The ways to log in that this server offers, beside the password',
    public: true,
    output: waysAnswer,
  }),
  refresh: route('auth.refresh', {
    method: 'POST',
    path: '/refresh',
    summary: 'Get a new access token; the refresh token is replaced',
    public: true,
    input: z.object({
      /** For clients that keep it themselves; browsers send their cookie. */
      refreshToken: z.string().max(256).optional(),
    }),
    output: sessionAnswer,
    errors: ['AUTH_SESSION_ENDED', origin, many],
  }),
  logout: route('auth.logout', {
    method: 'POST',
    path: '/logout',
    summary: 'Log this device out',
    public: true,
    input: z.object({ refreshToken: z.string().max(256).optional() }),
    output: ok,
    errors: [origin],
  }),
  logoutEverywhere: route('auth.logoutEverywhere', {
    method: 'POST',
    path: '/logout-everywhere',
    summary: 'Log all devices out',
    input: everywhereInput,
    output: everywhereAnswer,
  }),
  changePassword: route('auth.changePassword', {
    method: 'POST',
    path: '/password',
    summary: 'Change the password and log other devices out',
    input: changePasswordInput,
    output: access,
    errors: ['AUTH_WRONG_CREDENTIALS', 'AUTH_PASSWORD_WEAK', many, busy],
  }),
  recover: route('auth.recover', {
    method: 'POST',
    path: '/recover',
    summary: 'Get back in with a one-time code, and set a new password',
    public: true,
    input: z.object({ handle, code: z.string().min(1).max(64), password: newPassword, ...arriving }),
    output: loginAnswer,
    errors: ['AUTH_RECOVERY_REFUSED', 'AUTH_PASSWORD_WEAK', origin, many, busy],
  }),
  requestRecovery: route('auth.requestRecovery', {
    method: 'POST',
    path: '/recovery/request',
    summary: 'Ask for a recovery link by the way that the host offers; the answer is always the same',
    public: true,
    status: 202,
    input: z.object({ handle }),
    output: ok,
    errors: [many],
  }),
  confirmRecovery: route('auth.confirmRecovery', {
    method: 'POST',
    path: '/recovery/confirm',
    summary: 'Get back in with the token of a recovery link, and set a new password',
    public: true,
    input: z.object({ token: z.string().min(1).max(64), password: newPassword, ...arriving }),
    output: loginAnswer,
    errors: ['AUTH_RECOVERY_REFUSED', 'AUTH_PASSWORD_WEAK', origin, many, busy],
  }),
  renewCodes: route('auth.renewCodes', {
    method: 'POST',
    path: '/recovery/codes',
    summary: 'Replace the one-time recovery codes',
    input: z.object(freshProof),
    output: codes,
    errors: ['AUTH_PROOF_NEEDED', 'AUTH_WRONG_CREDENTIALS', many, busy],
  }),
  find: route('auth.find', {
    method: 'GET',
    path: '/find',
    summary: 'A person by exact handle',
    input: findInput,
    output: profileSchema,
    errors: ['NATTER_NOT_AVAILABLE', many],
  }),
  lookup: route('auth.lookup', {
    method: 'POST',
    path: '/lookup',
    summary: 'Profiles by ids',
    input: lookupInput,
    output: lookupAnswer,
  }),
  me: route('auth.me', { method: 'GET', path: '/me', summary: 'My account', input: ok, output: ownAccount }),
  profile: route('auth.profile', {
    method: 'PATCH',
    path: '/me',
    summary: 'Set my display name',
    input: profileInput,
    output: ownAccount,
  }),
  setAvatar: route('auth.setAvatar', {
    method: 'PUT',
    path: '/me/avatar',
    summary: 'Set my picture: PNG, JPEG, WebP or GIF of at most 64 KiB, as base64',
    bodyBytes: 98_304,
    input: z.object({ image: z.string().min(4).max(87_384) }),
    output: ownAccount,
    errors: ['AUTH_AVATAR_REFUSED'],
  }),
  removeAvatar: route('auth.removeAvatar', {
    method: 'DELETE',
    path: '/me/avatar',
    summary: 'Remove my picture',
    input: ok,
    output: ownAccount,
  }),
  avatar: route('auth.avatar', {
    method: 'GET',
    path: '/avatar/:user/:hash',
    summary: "A person's picture, under the address in their profile",
    status: 200,
    public: true,
    input: z.object({ user: id, hash: z.string().regex(/^[A-Za-z0-9_-]{22}$/) }),
    errors: ['NATTER_NOT_FOUND'],
  }),
  exportMe: route('auth.exportMe', {
    method: 'POST',
    path: '/me/export',
    summary: 'All that this server holds of me, as lines of JSON: { part, item }',
    status: 200,
    input: z.object(freshProof),
    errors: ['AUTH_PROOF_NEEDED', 'AUTH_WRONG_CREDENTIALS', many],
  }),
  eraseMe: route('auth.eraseMe', {
    method: 'POST',
    path: '/me/erase',
    summary: 'Remove my account and all that this server holds of me; it cannot be taken back',
    status: 202,
    input: z.object(freshProof),
    output: ok,
    errors: ['AUTH_PROOF_NEEDED', 'AUTH_WRONG_CREDENTIALS', many, busy],
  }),
  devices: route('auth.devices', {
    method: 'GET',
    path: '/devices',
    summary: 'My devices',
    input: ok,
    output: devicesAnswer,
  }),
  nameDevice: route('auth.nameDevice', {
    method: 'PATCH',
    path: '/devices/:session',
    summary: 'Name one of my devices',
    input: nameDeviceInput,
    output: ok,
    errors: ['NATTER_NOT_FOUND'],
  }),
  revokeDevice: route('auth.revokeDevice', {
    method: 'DELETE',
    path: '/devices/:session',
    summary: 'Log one of my devices out',
    input: sessionInput,
    output: ok,
    errors: ['NATTER_NOT_FOUND'],
  }),
  jwks: route('auth.jwks', {
    method: 'GET',
    path: '/jwks.json',
    summary: 'Public keys of the access tokens',
    public: true,
    output: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
  }),
} as const

// Errors

/** The errors of accounts and sessions. */
export const AuthErrors = defineErrors('AUTH', {
  HANDLE_INVALID: {
    status: 422,
    message: 'A handle has 2 to 32 letters or digits of one script, with . _ or - between them. Choose another.',
  },
  HANDLE_TAKEN: { status: 409, message: 'This handle is taken, or looks like one that is. Choose another.' },
  PASSWORD_WEAK: {
    status: 422,
    message: 'A password has 8 to 128 characters and is not one of the common ones. Choose another.',
  },
  WRONG_CREDENTIALS: { status: 401, message: 'Handle or password is wrong.' },
  SESSION_ENDED: { status: 401, message: 'You are logged out here. Log in again.' },
  RECOVERY_REFUSED: { status: 401, message: 'This does not get you back in: it is wrong, used or expired.' },
  REGISTRATION_CLOSED: { status: 403, message: 'New accounts are not made here. Ask whoever runs this server.' },
  ORIGIN_REFUSED: {
    status: 403,
    message: "A cookie counts only with the Origin of this site. Elsewhere use mode 'token'.",
  },
  METHOD_UNKNOWN: { status: 404, message: 'The server knows no such way to log in.' },
  FLOW_ENDED: { status: 410, message: 'This log-in took too long or had too many tries. Start again.' },
  PROOF_NEEDED: {
    status: 403,
    message: 'Give your password once more, or log in again and repeat this within ten minutes.',
  },
  FACTOR_EXISTS: { status: 409, message: 'This is set up already. Remove the old one first.' },
  LAST_WAY: { status: 409, message: 'This is the only way to log in that is left. Add another one first.' },
  TOO_MANY: { status: 409, message: 'You have as many of these as fit. Remove one first.' },
  PASSKEY_REFUSED: { status: 422, message: 'This passkey was not accepted. Start again.' },
  PROVIDER_REFUSED: { status: 401, message: 'You were not logged in there. Try again, or log in another way.' },
  PROVIDER_FAILED: {
    status: 502,
    message: 'The other site cannot be reached, or answered what does not count. Try again later.',
    retryable: true,
  },
  AVATAR_REFUSED: { status: 422, message: 'A picture is a PNG, JPEG, WebP or GIF of at most 64 KiB.' },
})

// Stored data

/** An account. `version` is raised to end all its sessions at once; `goneAt` is 0 while it exists. */
export const account = model('account', {
  fields: {
    id: field.id(),
    /** Compared form of the handle, its form as written, and the skeleton that look-alikes share. */
    handle: field.text({ max: 64 }),
    written: field.text({ max: 64 }),
    skeleton: field.text({ max: 128 }),
    name: field.text({ max: 64 }),
    avatar: field.text({ max: 22, optional: true }),
    createdAt: field.time(),
    version: field.int(),
    versionAt: field.time(),
    goneAt: field.time(),
  },
  key: ['id'],
  indexes: [['versionAt']],
  unique: [['handle'], ['skeleton']],
  personal: {
    id: 'whose account',
    handle: 'what they are found by',
    written: 'their handle as written',
    skeleton: 'their handle as it looks',
    name: 'their name',
    avatar: 'which picture',
    createdAt: 'since when',
  },
})

/** One proof that an account can give: `password` has one, passkeys have several. */
export const credential = model('credential', {
  fields: {
    user: field.id(),
    method: field.text({ max: 32 }),
    id: field.id(),
    secret: field.text({ max: 4_096 }),
    at: field.time(),
    /** What people call it. */
    name: field.text({ max: 64, optional: true }),
    /** What only one account can have: a passkey's id, a provider's person, as a hash. */
    subject: field.text({ max: 43, optional: true }),
    /** What may only rise: the last time step of a TOTP, the signature counter of a passkey. */
    used: field.int({ optional: true }),
  },
  key: ['user', 'method', 'id'],
  unique: [['method', 'subject']],
  personal: {
    user: 'whose',
    id: 'which device or provider',
    secret: 'a hash or key of a way to log in',
    at: 'since when',
    name: 'what they call it',
    subject: 'a hash of who they are at a provider',
  },
})

/**
 * A device that is logged in. Only hashes of its refresh tokens are here. `idleUntil` is never beyond `expiresAt`;
 * `endedAt` is 0 while it lasts.
 */
export const session = model('session', {
  fields: {
    id: field.id(),
    user: field.id(),
    device: field.id(),
    name: field.text({ max: 64 }),
    createdAt: field.time(),
    lastSeenAt: field.time(),
    version: field.int(),
    refresh: field.text({ max: 43 }),
    previous: field.text({ max: 43, optional: true }),
    rotatedAt: field.time(),
    idleUntil: field.time(),
    expiresAt: field.time(),
    endedAt: field.time(),
  },
  key: ['id'],
  indexes: [['user', 'createdAt'], ['endedAt'], ['expiresAt']],
  personal: {
    user: 'whose',
    device: 'on which device',
    name: 'what they call it',
    createdAt: 'when they logged in',
    lastSeenAt: 'when they were there',
  },
})

/** A person's picture, as base64. */
export const avatar = model('avatar', {
  fields: {
    user: field.id(),
    hash: field.text({ max: 22 }),
    type: field.text({ max: 32 }),
    data: field.text({ max: 90_000 }),
  },
  key: ['user'],
  personal: { user: 'whose', hash: 'which picture', data: 'their picture' },
})

// Ways to log in

/** What an authenticator is given: what the client sent, and what is known already. */
export interface AuthenticationAttempt {
  /** As the client sent it: check it. */
  readonly input: Readonly<Record<string, unknown>>
  /** The account, where an earlier factor proved it. */
  readonly user: string | undefined
  /** What `begin` returned as `state`. */
  readonly state: string | undefined
  readonly ip: string
  /** Server time, ms. */
  readonly now: number
}
/** `complete`: this proof is two factors by itself (a passkey with user verification), so no further one is asked for. */
export interface Authenticated {
  readonly user: string
  readonly complete?: boolean
}
/**
 * A way to prove who one is. The password is the first; others are added by a plugin through `authenticators`.
 *
 * @example
 * api.hook(authenticators, () => [{ name: 'totp', role: 'second', enrolled, verify }])
 */
export interface Authenticator {
  readonly name: string
  /** Whether it starts a log-in, follows another factor, or can do either. */
  readonly role: 'first' | 'second' | 'either'
  /**
   * Whether it is asked for after another first factor, because this account has set it up. `instead`: it may be given in
   * place of one that is asked for, but is no reason to ask. Only for `second` and `either`.
   */
  enrolled?(user: string): Promise<boolean | 'instead'>
  /** Makes a challenge. `state` is kept on the server until `verify`. */
  begin?(attempt: AuthenticationAttempt): Promise<{ readonly challenge: unknown; readonly state?: string }>
  /** Whose proof it is; nothing when it is wrong. The same work for an unknown account as for a wrong proof. */
  verify(attempt: AuthenticationAttempt): Promise<Authenticated | Denied | undefined>
}
/** Adds ways to log in. Asked once, at the start. */
export const authenticators = hook.collect<void, Authenticator>('auth.authenticators')

// Moments

/** A person asks for a recovery link. The host sends `token` to an address that it knows to be theirs. */
export interface RecoveryRequest {
  readonly user: string
  readonly handle: string
  readonly name: string
  /** Goes into a link, and from there to `confirmRecovery`. Works once, until `expiresAt` (ms). */
  readonly token: string
  readonly expiresAt: number
}
/** Somebody asked to get back in: send them the token, by mail or otherwise. */
export const recoveryRequested = hook.notify<RecoveryRequest>('auth.recoveryRequested')
/** May this account be made? For invitations, closed servers, host rules. */
export const registrationAllow = hook.veto<{ readonly handle: string; readonly ip: string }>('auth.registrationAllow')
/** An account was made. */
export const registered = hook.notify<{ readonly user: string; readonly handle: string }>('auth.registered')

/** Accounts, for the host and for other plugins. */
export interface Accounts {
  /** Ends an account: nobody finds it or logs in, its sessions end, its live connections are closed. The handle stays taken. */
  close(user: string): Promise<boolean>
  /** Logs a person out on all devices. */
  logout(user: string): Promise<void>
  /**
   * Takes away what a person has beside the password, authenticator app and passkeys, when they lost it and the host has
   * identified them. Logs them out everywhere; who had no password needs a `recoveryToken`.
   */
  removeFactors(user: string): Promise<void>
  /** Makes a recovery token for a person whom the host has identified. */
  recoveryToken(user: string): Promise<{ readonly token: string; readonly expiresAt: number } | undefined>
}
export const Accounts: Token<Accounts, 'accounts'> = token('accounts').of()
