import type { ServiceOf, Token } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { isClass, kindOf } from '../kernel/error-text.js'

/** Services of the host's container, by explicit pairs: `createChat({ container })`. */
export interface HostBridge<Provides extends string = string> {
  readonly kind: 'bridge'
  readonly provides: readonly Provides[]
  readonly services: readonly (readonly [token: Token, make: () => unknown])[]
}
/** How hosts name a service: by its class, a string or a symbol. A class is checked against the token's type. */
export type HostToken<T> = (abstract new (...args: never[]) => T) | string | symbol
/** Each of our tokens beside the host's. */
export type Pairs<T extends readonly Token[]> = readonly [
  ...{ readonly [K in keyof T]: readonly [service: T[K], host: HostToken<NoInfer<ServiceOf<T[K]>>>] },
]

/** Makes a bridge of pairs; `take` fetches a service from the host's container, or throws a readable error. */
export function hostBridge<T extends readonly Token[]>(
  pairs: Pairs<T>,
  take: (host: HostToken<unknown>, service: string) => unknown,
): HostBridge<T[number]['name']> {
  const services = (pairs as readonly (readonly [Token, HostToken<unknown>])[]).map(([token, host]) => {
    if (token?.kind !== 'token') {
      throw NatterErrors.CONFIG_INVALID({
        message:
          "A pair begins with something that is not a token.\n  Write [Mailer, AppMailer]: the plugin's token, then the host's.",
      })
    }
    return [token, () => checked(take(host, token.name), host, token.name)] as const
  })
  return { kind: 'bridge', provides: services.map(([{ name }]) => name), services }
}

function checked(service: unknown, host: HostToken<unknown>, name: string): unknown {
  if (typeof (service as { then?: unknown } | undefined)?.then === 'function') {
    throw hostFault(
      name,
      `gives a promise for ${nameOf(host)}`,
      'Resolve it before createChat, and bind the service itself.',
    )
  }
  if (typeof service === 'object' && service !== null) return service
  throw hostFault(
    name,
    `gives ${kindOf(service)} for ${nameOf(host)}`,
    isClass(service) ? 'Bind an instance, or the class so that the container makes one.' : 'A service is an object.',
  )
}

/** A readable error about a service of the host. */
export function hostFault(service: string, what: string, advice: string, cause?: unknown) {
  return NatterErrors.NEED_MISSING({
    message: `the host's container ${what}; it is to give the service "${service}".\n  ${advice}`,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** The chat's service would go where the host has something of its own. */
export function hostHasIt(service: string, host: HostToken<unknown>) {
  return NatterErrors.PROVIDED_TWICE({
    message: `the host's container has ${nameOf(host)} already, where the chat's service "${service}" was to go.\n  Give the chat's service a name of its own.`,
  })
}

export function nameOf(host: HostToken<unknown>): string {
  return typeof host === 'function' ? host.name || 'a class without a name' : String(host)
}
