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

/** Configuration of `auth`. Times in ms, memory in KiB. The descriptions make the table in `docs/configuration.md`. */
export const authConfig = z
  .object({
    registration: z
      .enum(['open', 'closed'])
      .default('open')
      .describe('Who makes new accounts: anybody, or nobody. For anything between use the hook `registrationAllow`.'),
    reservedHandles: z.array(z.string()).default([]).describe('Handles that nobody gets, beside the usual ones.'),
    origins: z.array(origin).default([]).describe("Further origins whose cookies count, beside the chat's own."),
    authenticators: z
      .array(z.custom<Way>(isWay, 'must be a way to log in, like totp() of @natter/auth/totp'))
      .refine((ways) => new Set(ways.map(({ name }) => name)).size === ways.length, 'must name each way once')
      .default([])
      .describe(
        'Further ways to log in: `totp()`, `passkeys({ … })`, `oidc({ … })` of this package. The password is always there.',
      ),
    issuer: z.string().min(1).default('natter').describe('Issuer of access tokens (`iss`).'),
    audience: z.string().min(1).default('natter').describe('Audience of access tokens (`aud`).'),
    accessLifeMs: duration(10 * minute, 1_000, hour).describe('How long an access token counts.'),
    ticketLifeMs: duration(hour, 1_000, day).describe(
      'How long a ticket lets a device back in without a token; it is renewed in-band at half.',
    ),
    refreshIdleMs: duration(30 * day).describe('A device that is away for longer is logged out.'),
    refreshAbsoluteMs: duration(90 * day).describe('After so long every device is logged out.'),
    refreshRetryMs: duration(30_000, 0, 5 * minute).describe(
      'For so long a refresh token may be sent again and gets the same successor.',
    ),
    maxDevices: z
      .int()
      .min(1)
      .max(500)
      .default(50)
      .describe('Devices of one person; of more, the one that logged in first is logged out.'),
    password: z
      .object({
        minLength: z.int().min(8).max(64).default(8).describe('Shortest password, in characters.'),
        words: z
          .array(z.string().min(3))
          .default(['natter'])
          .describe(
            'Words that guesses begin with here, like the name of the service: alone, or with up to three characters more, they are no password.',
          ),
        memoryKiB: z.int().min(19_456).max(1_048_576).default(19_456).describe('Memory of one Argon2id hash.'),
        passes: z.int().min(2).max(20).default(2).describe('Passes of Argon2id.'),
        parallelism: z.int().min(1).max(16).default(1).describe('Lanes of Argon2id.'),
        concurrent: z.int().min(1).max(16).default(2).describe('Hashes at a time.'),
        queue: z.int().min(1).max(10_000).default(64).describe('Hashes that may wait; more get `NATTER_BUSY`.'),
      })
      .prefault({}),
    recoveryCodes: z.int().min(1).max(20).default(10).describe('One-time codes given at registration.'),
    recoveryTokenLifeMs: duration(30 * minute, minute).describe('How long the token of a recovery mail counts.'),
    revocationPollMs: duration(1_000, 100, minute).describe(
      'How often sessions that another node ended are looked for.',
    ),
    rememberedTokens: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(20_000)
      .describe('Verified access tokens that are remembered, so that a reconnect checks no signature.'),
    limits: z
      .object({
        login: allowance(5, 15 * minute).describe('Failed log-ins per account and network.'),
        loginPerNetwork: allowance(100, 15 * minute).describe('Failed log-ins per network.'),
        registration: allowance(20, hour).describe('New accounts per network.'),
        recovery: allowance(5, 15 * minute).describe('Recovery tries per account and network.'),
        recoveryPerNetwork: allowance(30, hour).describe('Recovery tries per network.'),
        recoveryMail: allowance(3, hour).describe('Recovery mails per account.'),
        factor: allowance(10, 15 * minute).describe('Failures of a further factor, per account.'),
        password: allowance(10, 15 * minute).describe('Wrong passwords of somebody who is logged in.'),
        find: allowance(60, minute).describe('Look-ups by handle, per person.'),
        refresh: allowance(120, minute).describe('Refresh tokens that do not count, per network.'),
      })
      .prefault({}),
  })
  .prefault({})

/** The configuration of `auth` with its defaults filled in. */
export type AuthConfig = z.output<typeof authConfig>
