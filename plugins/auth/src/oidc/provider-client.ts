import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { Configuration } from 'openid-client'
import type { ReadProvider } from './options.js'

const timeoutSeconds = 10

/** What the answer to a visit is compared with. */
export interface Checks {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}
/** Who somebody is at a provider. Nothing here is proof of an address: mail addresses are not even read. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** Only suggestions for a new account. */
  readonly name: string | undefined
  readonly handle: string | undefined
}

/** One provider: authorization code flow (OpenID Connect Core 1.0 §3.1) with PKCE (RFC 7636), found by discovery. */
export class ProviderClient {
  readonly #provider: ReadProvider
  #found: Promise<Configuration> | undefined

  constructor(provider: ReadProvider) {
    this.#provider = provider
  }

  /** Where to send the browser. */
  async visit(redirectUri: string): Promise<{ readonly url: string; readonly checks: Checks }> {
    const configuration = await this.#configuration()
    const { scope, prompt } = this.#provider
    const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope,
      ...(prompt ? { prompt } : {}),
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
    })
    return { url: url.href, checks }
  }

  /**
   * Exchanges the code. State, issuer (also RFC 9207), audience, nonce, times and the ID token's signature are checked; the tokens
   * are not kept.
   */
  async identity(answered: URL, { state, nonce, verifier }: Checks): Promise<Identity> {
    const tokens = await authorizationCodeGrant(await this.#configuration(), answered, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()!
    return {
      issuer: claims.iss,
      subject: claims.sub,
      name: textOf(claims['name']),
      handle: textOf(claims['preferred_username']),
    }
  }

  /** Kept once found; while the provider cannot be reached, every visit asks again. */
  #configuration(): Promise<Configuration> {
    this.#found ??= this.#discover().catch((error: unknown) => {
      this.#found = undefined
      throw error
    })
    return this.#found
  }

  #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#provider
    // By default the signature of a token that came over TLS is taken on trust.
    const execute = [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])]
    return discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: timeoutSeconds })
  }
}

const textOf = (claim: unknown) => (typeof claim === 'string' && claim !== '' ? claim.slice(0, 64) : undefined)
