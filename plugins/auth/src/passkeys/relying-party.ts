import { z } from 'zod'
import { NatterErrors } from '@natter/core'

/** What `passkeys` takes. */
export interface PasskeysOptions {
  /** What browsers show beside the handle. Default: `Natter`. */
  readonly rpName?: string
  /** The pages that use passkeys, exactly as browsers send their origin: `https://chat.example.org`. */
  readonly origins: readonly string[]
  /** The domain that passkeys are bound to; every origin is on it. Default: the host name of the first origin. It cannot be changed later. */
  readonly rpId?: string
}
/** The site that passkeys are made for (WebAuthn Level 3, Relying Party). */
export interface RelyingParty {
  readonly name: string
  readonly id: string
  readonly origins: readonly string[]
}

const origin = z.string().refine(isOrigin, 'must be an origin, like https://chat.example.org')
const schema = z
  .object({
    rpName: z.string().min(1).max(64).default('Natter'),
    origins: z.array(origin).min(1),
    rpId: z.string().min(1).max(253).optional(),
  })
  .transform(({ rpName, origins, rpId }) => ({ name: rpName, id: rpId ?? new URL(origins[0]!).hostname, origins }))
  .refine(({ id, origins }) => origins.every((text) => isOn(new URL(text).hostname, id)), {
    message: 'every origin must be on the domain of rpId',
    path: ['origins'],
  })

/** @throws NATTER_CONFIG_INVALID */
export function relyingParty(options: PasskeysOptions): RelyingParty {
  const read = schema.safeParse(options)
  if (read.success) return read.data
  throw NatterErrors.CONFIG_INVALID({ message: `passkeys: ${z.prettifyError(read.error)}` })
}

/** Browsers have WebAuthn only where the connection is safe, or goes to the same machine. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.origin === text && (url.protocol === 'https:' || isOn(url.hostname, 'localhost'))
}

const isOn = (hostname: string, domain: string) => hostname === domain || hostname.endsWith(`.${domain}`)
