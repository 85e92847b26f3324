import { z } from 'zod'
import { id, profile, time } from '@natter/core/schema'

/** A person as they see themselves. */
export const ownAccount = profile.extend({
  handle: z.string(),
  createdAt: time,
  /** One-time recovery codes that are still unused. */
  recoveryCodes: z.int().min(0),
})
export const access = z.object({
  accessToken: z.string(),
  /** ms */
  expiresAt: time,
})
export const sessionAnswer = access.extend({
  status: z.literal('ok'),
  user: ownAccount,
  device: id,
  session: id,
  /** Only in mode `token`. */
  refreshToken: z.string().optional(),
})
export const registeredAnswer = sessionAnswer.extend({
  /** Shown this once and kept as hashes: each gets back into the account one time. */
  codes: z.array(z.string()),
})
/** Another proof is needed: go on with `verify`, under this flow, with one of the methods. */
export const factorAnswer = z.object({
  status: z.literal('factor'),
  flow: z.string(),
  methods: z.array(z.string()),
  expiresAt: time,
})
export const loginAnswer = z.discriminatedUnion('status', [sessionAnswer, factorAnswer])
