import { z } from 'zod'
import { route } from '@natter/core/contract'
import { ok, time } from '@natter/core/schema'
import { freshProof } from '../inputs.js'

const many = 'NATTER_RATE_LIMITED'
const wrong = 'AUTH_WRONG_CREDENTIALS'

/** Routes of TOTP, below `<prefix>/auth`. */
export const totpRoutes = {
  state: route('auth.totp', {
    method: 'GET',
    path: '/totp',
    summary: 'Whether codes of an authenticator app are asked for when I log in',
    input: ok,
    output: z.object({ enrolled: z.boolean(), since: time.optional() }),
  }),
  begin: route('auth.totpBegin', {
    method: 'POST',
    path: '/totp',
    summary: 'Start to set up an authenticator app; it counts once a code of it was confirmed',
    input: z.object(freshProof),
    output: z.object({
      /** Base32, to type in. */
      secret: z.string(),
      /** `otpauth://…`, for a link or a QR code. */
      uri: z.string(),
      expiresAt: time,
    }),
    errors: ['AUTH_PROOF_NEEDED', 'AUTH_FACTOR_EXISTS', wrong, many],
  }),
  confirm: route('auth.totpConfirm', {
    method: 'POST',
    path: '/totp/confirm',
    summary: 'Finish to set up an authenticator app, with a code of it',
    input: z.object({ code: z.string().min(1).max(16) }),
    output: ok,
    errors: ['AUTH_FLOW_ENDED', 'AUTH_FACTOR_EXISTS', wrong, many],
  }),
  remove: route('auth.totpRemove', {
    method: 'POST',
    path: '/totp/remove',
    summary: 'Stop asking for codes of an authenticator app',
    input: z.object(freshProof),
    output: ok,
    errors: ['AUTH_PROOF_NEEDED', 'NATTER_NOT_FOUND', wrong, many],
  }),
} as const
