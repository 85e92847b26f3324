import { z } from 'zod'
import { NatterErrors } from '@natter/core'
import { isSafeAddress } from '../safe-address.js'

/** Where people have an account already. */
export interface OidcProvider {
  /** In addresses and in the database; it stays the same: `example`. */
  readonly id: string
  /** What people see: `Example`. */
  readonly name: string
  /** Exactly as the provider calls itself: `https://accounts.example.org`. */
  readonly issuer: string
  /** As the provider registered the chat. */
  readonly clientId: string
  /** Left out for a public client. It is sent in the body (`client_secret_post`). */
  readonly clientSecret?: string
  /** Default: `openid profile`; the profile only suggests a handle and a name. */
  readonly scope?: string
  /**
   * What the provider asks although the person is logged in there: the password (`login`), or which account. Default: nothing, so that
   * whoever sits at the browser is let in.
   */
  readonly prompt?: 'login' | 'select_account' | 'consent'
}
/** What `oidc` takes. */
export interface OidcOptions {
  /**
   * Their redirect URI is `<url>/auth/oidc/callback/<id>`.
   */
  readonly providers: readonly OidcProvider[]
  /** Where browsers reach the chat: `https://example.org/chat`. Default: as the request says that starts a log-in. */
  readonly url?: string
}
export type ReadOptions = z.output<typeof schema>
export type ReadProvider = ReadOptions['providers'][number]

const provider = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be small letters, digits and hyphens'),
  name: z.string().min(1).max(64),
  issuer: z.string().refine(isSafeAddress, 'must be an https: address'),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  scope: z
    .string()
    .refine((scope) => scope.split(' ').includes('openid'), 'must have openid in it')
    .default('openid profile'),
  prompt: z.enum(['login', 'select_account', 'consent']).optional(),
})
const schema = z.object({
  providers: z
    .array(provider)
    .min(1)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'must not have an id twice')
    // A person is known by issuer and subject; two of one issuer would be two doors to one account.
    .refine((list) => new Set(list.map(({ issuer }) => issuer)).size === list.length, 'must not have an issuer twice'),
  url: z
    .string()
    .refine(isSafeAddress, 'must be an https: address')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
})

/** @throws NATTER_CONFIG_INVALID */
export function readOptions(options: OidcOptions): ReadOptions {
  const read = schema.safeParse(options)
  if (read.success) return read.data
  throw NatterErrors.CONFIG_INVALID({ message: `oidc: ${z.prettifyError(read.error)}` })
}
