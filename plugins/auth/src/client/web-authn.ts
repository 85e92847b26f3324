import { ClientError } from '@natter/client'

interface Credential {
  toJSON(): object
}
interface WebAuthn {
  readonly PublicKeyCredential?: {
    parseCreationOptionsFromJSON?(options: object): object
    parseRequestOptionsFromJSON?(options: object): object
  }
  readonly navigator?: {
    readonly credentials?: {
      create(options: object): Promise<Credential | null>
      get(options: object): Promise<Credential | null>
    }
  }
}
const web = () => globalThis as WebAuthn

/** Whether this browser has WebAuthn with its JSON forms (Level 3 §5.1.10). It has it only on safe connections. */
export const webAuthnThere = (): boolean =>
  Boolean(
    web().PublicKeyCredential?.parseCreationOptionsFromJSON &&
    web().PublicKeyCredential?.parseRequestOptionsFromJSON &&
    web().navigator?.credentials,
  )

/** @throws AUTH_PASSKEYS_MISSING, AUTH_PASSKEY_CANCELLED, AUTH_FACTOR_EXISTS */
export const createCredential = (options: object, signal: AbortSignal | undefined): Promise<object> =>
  guarded(() =>
    web().navigator!.credentials!.create({
      publicKey: web().PublicKeyCredential!.parseCreationOptionsFromJSON!(options),
      ...(signal ? { signal } : {}),
    }),
  )

/** @throws AUTH_PASSKEYS_MISSING, AUTH_PASSKEY_CANCELLED */
export const getCredential = (options: object, signal: AbortSignal | undefined): Promise<object> =>
  guarded(() =>
    web().navigator!.credentials!.get({
      publicKey: web().PublicKeyCredential!.parseRequestOptionsFromJSON!(options),
      ...(signal ? { signal } : {}),
    }),
  )

async function guarded(ask: () => Promise<Credential | null>): Promise<object> {
  if (!webAuthnThere()) {
    throw new ClientError({
      code: 'AUTH_PASSKEYS_MISSING',
      message: 'This browser has no passkeys here. Log in another way.',
    })
  }
  try {
    const credential = await ask()
    if (credential) return credential.toJSON()
  } catch (error) {
    const name = (error as { readonly name?: unknown }).name
    if (name === 'InvalidStateError') {
      throw new ClientError(
        { code: 'AUTH_FACTOR_EXISTS', message: 'This device has a passkey of yours already.' },
        error,
      )
    }
    if (name !== 'NotAllowedError' && name !== 'AbortError') throw error
  }
  // Browsers do not tell a person who says no from a device without a passkey.
  throw new ClientError({
    code: 'AUTH_PASSKEY_CANCELLED',
    message: 'No passkey was used. Try again, or log in another way.',
  })
}
