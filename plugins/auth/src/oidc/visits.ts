import { AuthorizationResponseError } from 'openid-client'
import type { Clock, Logger } from '@natter/core'
import type { Kv } from '@natter/core/contract'
import { AuthErrors } from '../contract.js'
import { digest } from '../digest.js'
import type { Checks, Identity, ProviderClient } from './provider-client.js'

/** So long may a visit take, and so long its outcome is kept, ms. */
export const visitMs = 600_000

/** Who is logged in and wants to log in that way too. */
export interface Linking {
  readonly user: string
  readonly session: string
}
interface Visit {
  readonly provider: string
  readonly checks: Checks
  /** Hash of the cookie of the browser that began it. */
  readonly browser: string
  readonly redirectUri: string
  readonly returnTo: string
  readonly linking?: Linking
}
export interface Outcome {
  readonly provider: string
  readonly identity: Identity
  readonly expiresAt: number
  readonly linking?: Linking
}
export type Returned =
  | { readonly returnTo: string | undefined; readonly failed?: undefined }
  | { readonly returnTo: string | undefined; readonly failed: string }

export interface VisitParts {
  readonly clients: ReadonlyMap<string, ProviderClient>
  readonly ceremonies: Kv
  readonly clock: Clock
  readonly log: Logger
}

const visitKey = (state: string) => `oidc-visit:${digest(state)}`
const outcomeKey = (browser: string) => `oidc-outcome:${digest(browser)}`

/** Without what came along: such errors carry codes and whole answers. */
function reasonOf(error: unknown) {
  if (!(error instanceof Error)) return { reason: 'unknown' }
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown }
  const below = (cause as { readonly code?: unknown } | undefined)?.code
  return { reason: error.message, ...(code ? { code } : {}), ...(below ? { cause: below } : {}) }
}

/** Visits of browsers to providers. What comes of one waits here, for the browser that began it. */
export class Visits {
  readonly #parts: VisitParts

  constructor(parts: VisitParts) {
    this.#parts = parts
  }

  /** Where to send the browser. @throws AUTH_METHOD_UNKNOWN, AUTH_PROVIDER_FAILED */
  async begin(
    provider: string,
    begun: {
      readonly browser: string
      readonly redirectUri: string
      readonly returnTo: string
      readonly linking?: Linking
    },
  ): Promise<{ readonly url: string; readonly expiresAt: number }> {
    const { ceremonies, clock } = this.#parts
    const { url, checks } = await this.#client(provider)
      .visit(begun.redirectUri)
      .catch((error: unknown) => {
        this.#parts.log.warn({ provider, ...reasonOf(error) }, 'a provider to log in with cannot be reached')
        throw AuthErrors.PROVIDER_FAILED()
      })
    const visit: Visit = { ...begun, provider, checks, browser: digest(begun.browser) }
    await ceremonies.set(visitKey(checks.state), JSON.stringify(visit), { ttlMs: visitMs })
    return { url, expiresAt: clock.now() + visitMs }
  }

  #client(provider: string): ProviderClient {
    const client = this.#parts.clients.get(provider)
    if (!client) throw AuthErrors.METHOD_UNKNOWN()
    return client
  }

  /** The provider sent the browser back. A visit ends with its first answer, whatever that is. */
  async answered(provider: string, query: string, browser: string | undefined): Promise<Returned> {
    const state = new URLSearchParams(query).get('state')
    const text = state === null ? undefined : await this.#parts.ceremonies.take(visitKey(state))
    const visit = text === undefined ? undefined : (JSON.parse(text) as Visit)
    const itsOwn = browser !== undefined && visit?.browser === digest(browser)
    if (!visit || !itsOwn || visit.provider !== provider)
      return { returnTo: undefined, failed: AuthErrors.FLOW_ENDED.code }
    const { returnTo } = visit
    try {
      const identity = await this.#client(provider).identity(new URL(`${visit.redirectUri}?${query}`), visit.checks)
      await this.#keep(browser, visit, identity)
      return { returnTo }
    } catch (error) {
      const refused = error instanceof AuthorizationResponseError
      this.#parts.log[refused ? 'info' : 'warn'](
        { provider, ...reasonOf(error) },
        'a log-in by a provider did not succeed',
      )
      return { returnTo, failed: (refused ? AuthErrors.PROVIDER_REFUSED : AuthErrors.PROVIDER_FAILED).code }
    }
  }

  async #keep(browser: string, { provider, linking }: Visit, identity: Identity): Promise<void> {
    const expiresAt = this.#parts.clock.now() + visitMs
    const outcome: Outcome = { provider, identity, expiresAt, ...(linking ? { linking } : {}) }
    await this.#parts.ceremonies.set(outcomeKey(browser), JSON.stringify(outcome), { ttlMs: visitMs })
  }

  /** @throws AUTH_FLOW_ENDED */
  async outcome(browser: string | undefined): Promise<Outcome & { readonly browser: string }> {
    const text = browser === undefined ? undefined : await this.#parts.ceremonies.get(outcomeKey(browser))
    if (text === undefined || browser === undefined) throw AuthErrors.FLOW_ENDED()
    return { ...(JSON.parse(text) as Outcome), browser }
  }

  /** Uses an outcome up: of many requests one goes on. @throws AUTH_FLOW_ENDED */
  async use({ browser }: { readonly browser: string }): Promise<void> {
    if ((await this.#parts.ceremonies.take(outcomeKey(browser))) === undefined) throw AuthErrors.FLOW_ENDED()
  }

  async forget({ browser }: { readonly browser: string }): Promise<void> {
    await this.#parts.ceremonies.delete(outcomeKey(browser))
  }
}
