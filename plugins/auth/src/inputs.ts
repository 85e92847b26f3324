import { z } from 'zod'
import { id, text } from '@natter/core/schema'

export const handle = z.string().min(1).max(64)
export const newPassword = text(512, 1)
export const anyPassword = z.string().min(1).max(512)
/** What changes ways to log in takes, unless the log-in is less than ten minutes old. */
export const freshProof = {
  password: anyPassword.optional(),
  /** A code of an authenticator app or a recovery code, where a log-in would ask for one. */
  code: z.string().min(1).max(64).optional(),
}
export const displayName = text(64, 1)
export const deviceName = text(64, 1)

/** What a client says about itself when it logs in. */
const device = z.object({
  /** The id that this device got before, so that it stays the same device. Default: a new one. */
  id: id.optional(),
  /** What people call it. Default: from the user agent, like "Firefox on Linux". */
  name: deviceName.optional(),
})

/**
 * Where the refresh token goes. `cookie`: into an HttpOnly cookie, for browsers, which must send their Origin. `token`:
 * into the answer, for clients that keep it themselves. Never both.
 */
const mode = z.enum(['cookie', 'token']).default('cookie')

/** What every route that logs somebody in takes. */
export const arriving = { device: device.optional(), mode }
