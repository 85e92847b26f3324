import { z } from 'zod'
import { isWay } from './way.js'
import type { Way } from './way.js'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const allowance = (points: number, windowMs: number) =>
  z.object({ points: z.int().min(1).default(points), windowMs: z.int().min(1_000).default(windowMs) }).prefault({})
const duration = (standard: number, least = 1_000, most = 10 * 365 * day) =>
  z.int().min(least).max(most).default(standard)
const origin = z
  .string()
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be an origin, like https://app.example.org',
  )

/** Configuration of `auth`. Times in ms, memory in KiB. */
export const authConfig = z
  .object({
    /** Who makes new accounts: anybody, or nobody. For anything between use the hook `registrationAllow`. */
    registration: z.enum(['open', 'closed']).default('open'),
    /** Handles that nobody gets, beside the usual ones. */
    reservedHandles: z.array(z.string()).default([]),
    /** Further origins whose cookies count, beside the chat's own. */
    origins: z.array(origin).default([]),
    /** Further ways to log in: `totp()`, `passkeys({ … })`, `oidc({ … })` of this package. Default: the password only. */
    authenticators: z
      .array(z.custom<Way>(isWay, 'must be a way to log in, like totp() of @natter/auth/totp'))
      .refine((ways) => new Set(ways.map(({ name }) => name)).size === ways.length, 'must name each way once')
      .default([]),
    /** Issuer and audience of access tokens. */
    issuer: z.string().min(1).default('natter'),
    audience: z.string().min(1).default('natter'),
    accessLifeMs: duration(10 * minute, 1_000, hour),
    ticketLifeMs: duration(hour, 1_000, day),
    /** A device that is away for longer is logged out, and every device after `refreshAbsoluteMs`. */
    refreshIdleMs: duration(30 * day),
    refreshAbsoluteMs: duration(90 * day),
    /** For so long a refresh token may be sent again and gets the same successor. */
    refreshRetryMs: duration(30_000, 0, 5 * minute),
    /** Devices of one person; of more, the one that logged in first is logged out. */
    maxDevices: z.int().min(1).max(500).default(50),
    password: z
      .object({
        minLength: z.int().min(8).max(64).default(8),
        /** Work of Argon2id: memory, passes, lanes. */
        memoryKiB: z.int().min(19_456).max(1_048_576).default(19_456),
        passes: z.int().min(2).max(20).default(2),
        parallelism: z.int().min(1).max(16).default(1),
        /** Hashes at a time, and how many may wait. */
        concurrent: z.int().min(1).max(16).default(2),
        queue: z.int().min(1).max(10_000).default(64),
      })
      .prefault({}),
    /** One-time codes at registration. */
    recoveryCodes: z.int().min(1).max(20).default(10),
    recoveryTokenLifeMs: duration(30 * minute, minute),
    /** How often sessions that another node ended are looked for. */
    revocationPollMs: duration(1_000, 100, minute),
    /** Verified access tokens that are remembered, so that a reconnect checks no signature. */
    rememberedTokens: z.int().min(1).max(1_000_000).default(20_000),
    limits: z
      .object({
        /** Failed log-ins per account and network, and per network. */
        login: allowance(5, 15 * minute),
        loginPerNetwork: allowance(100, 15 * minute),
        /** New accounts per network. */
        registration: allowance(20, hour),
        /** Recovery tries per account and network, and per network; recovery mails per account. */
        recovery: allowance(5, 15 * minute),
        recoveryPerNetwork: allowance(30, hour),
        recoveryMail: allowance(3, hour),
        /** Failures of a further factor, per account. */
        factor: allowance(10, 15 * minute),
        /** Wrong passwords of somebody who is logged in. */
        password: allowance(10, 15 * minute),
        /** Look-ups by handle, per person. */
        find: allowance(60, minute),
        /** Refresh tokens that do not count, per network. */
        refresh: allowance(120, minute),
      })
      .prefault({}),
  })
  .prefault({})

export type AuthConfig = z.output<typeof authConfig>
