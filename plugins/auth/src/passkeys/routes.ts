import { z } from 'zod'
import { route } from '@natter/core/contract'
import { ok, text, time } from '@natter/core/schema'
import { freshProof } from '../inputs.js'

const many = 'NATTER_RATE_LIMITED'
const proof = ['AUTH_PROOF_NEEDED', 'AUTH_WRONG_CREDENTIALS', many]
const id = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const name = text(64, 1)
const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/)

const passkey = z.object({
  id,
  name: z.string(),
  createdAt: time,
  /** Logs in by itself. */
  alone: z.boolean(),
  /** Is asked for after the password. */
  second: z.boolean(),
})
/** A `RegistrationResponseJSON`, as `PublicKeyCredential.toJSON()` gives it (WebAuthn Level 3 §5.1). */
const response = z.object({
  id: base64url.min(1).max(1_400),
  rawId: base64url.min(1).max(1_400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(32).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
  response: z.object({
    clientDataJSON: base64url.min(1),
    attestationObject: base64url.min(1),
    transports: z.array(z.string().max(32)).max(16).default([]),
  }),
})
export type PasskeyRow = z.infer<typeof passkey>
export type RegistrationResponse = z.output<typeof response>

/** Routes of passkeys, below `<prefix>/auth`. Logging in with one goes by `login/begin` and `login/verify`, as method `passkey`. */
export const passkeyRoutes = {
  list: route('auth.passkeys', {
    method: 'GET',
    path: '/passkeys',
    summary: 'My passkeys',
    input: ok,
    output: z.object({ passkeys: z.array(passkey) }),
  }),
  begin: route('auth.passkeyBegin', {
    method: 'POST',
    path: '/passkey-options',
    summary: 'Start to add a passkey: get the options for navigator.credentials.create',
    input: z.object({
      ...freshProof,
      /** For a key that only follows the password and does not have to recognise its owner. */
      second: z.boolean().default(false),
    }),
    output: z.object({ options: z.record(z.string(), z.unknown()), expiresAt: time }),
    errors: [...proof, 'AUTH_TOO_MANY'],
  }),
  add: route('auth.passkeyAdd', {
    method: 'POST',
    path: '/passkeys',
    summary: 'Finish to add a passkey, with what navigator.credentials.create answered',
    status: 201,
    input: z.object({ response, name: name.optional() }),
    output: passkey,
    errors: ['AUTH_FLOW_ENDED', 'AUTH_PASSKEY_REFUSED', 'AUTH_FACTOR_EXISTS', 'AUTH_TOO_MANY', many],
  }),
  change: route('auth.passkeyChange', {
    method: 'PATCH',
    path: '/passkeys/:id',
    summary: 'Name a passkey, or set whether it is asked for after the password',
    input: z.object({ ...freshProof, id, name: name.optional(), second: z.boolean().optional() }),
    output: passkey,
    errors: [...proof, 'NATTER_NOT_FOUND', 'NATTER_BUSY'],
  }),
  remove: route('auth.passkeyRemove', {
    method: 'POST',
    path: '/passkeys/:id/remove',
    summary: 'Remove a passkey; never the last way to log in',
    input: z.object({ ...freshProof, id }),
    output: ok,
    errors: [...proof, 'AUTH_LAST_WAY', 'NATTER_NOT_FOUND', 'NATTER_BUSY'],
  }),
} as const
