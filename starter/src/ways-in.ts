import type { Way } from '@natter/auth'
import { oidc } from '@natter/auth/oidc'
import { passkeys } from '@natter/auth/passkeys'
import { totp } from '@natter/auth/totp'
import type { Settings } from './settings.js'

/** The ways to log in beside the password: an authenticator app, passkeys, and the provider that the environment names. */
export function waysIn({ port, publicUrl, provider }: Pick<Settings, 'port' | 'publicUrl' | 'provider'>): Way[] {
  return [
    totp({ issuer: 'Natter' }),
    // Browsers have passkeys on https: and on localhost only, and bind them to the address.
    passkeys({ rpName: 'Natter', origins: [publicUrl ?? `http://localhost:${port}`] }),
    ...(provider ? [oidc({ providers: [provider], ...(publicUrl && { url: `${publicUrl}/chat` }) })] : []),
  ]
}
