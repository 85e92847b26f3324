import type { ServiceOf, Token } from '../contract/index.js'
import { hostBridge, hostFault, hostHasIt, nameOf } from './host-bridge.js'
import type { HostBridge, HostToken, Pairs } from './host-bridge.js'

/** The part of a tsyringe container that is used; tsyringe itself is not imported. */
export interface TsyringeLike {
  resolve(token: unknown): unknown
  isRegistered(token: unknown, recursive?: boolean): boolean
  register(token: unknown, provider: { useValue: unknown }): unknown
}

/**
 * Services of the host's tsyringe container for the chat's plugins, by explicit pairs. They are resolved once, at boot.
 *
 * A class that was not registered is constructed by tsyringe itself, as the host would get it; a string or symbol must be
 * registered.
 *
 * @throws NATTER_NEED_MISSING at boot, readable, for a service that is missing, asynchronous, or in a disposed container.
 * @example
 * createChat({ plugins, container: fromTsyringe(container, [[Mailer, AppMailer]]) })
 */
export function fromTsyringe<const T extends readonly Token[]>(
  container: TsyringeLike,
  pairs: Pairs<T>,
): HostBridge<T[number]['name']> {
  return hostBridge<T>(pairs, (host, service) => {
    try {
      if (typeof host !== 'function' && !container.isRegistered(host, true)) {
        throw hostFault(service, `knows no ${nameOf(host)}`, 'Register it before createChat.')
      }
      return container.resolve(host)
    } catch (cause) {
      throw explained(cause, service, host)
    }
  })
}

function explained(cause: unknown, service: string, host: HostToken<unknown>) {
  if ((cause as { code?: unknown }).code === 'NATTER_NEED_MISSING') return cause
  const text = String((cause as { message?: unknown }).message ?? cause)
  if (/disposed/i.test(text)) {
    return hostFault(service, 'was disposed', 'Keep the container for as long as the chat runs.', cause)
  }
  return hostFault(
    service,
    `cannot make ${nameOf(host)}: ${text.split('\n')[0]}`,
    'Register what it is made of.',
    cause,
  )
}

/**
 * Services of the chat for the host's tsyringe container, by explicit pairs.
 *
 * @throws NATTER_NEED_MISSING for a service that no plugin provides, NATTER_PROVIDED_TWICE for a name that this container
 * has already.
 * @example
 * toTsyringe(chat, container, [[Conversations, 'conversations']])
 */
export function toTsyringe<const T extends readonly Token[]>(
  chat: { get<S>(token: Token<S>): S },
  container: TsyringeLike,
  pairs: readonly [...{ readonly [K in keyof T]: readonly [service: T[K], host: HostToken<NoInfer<ServiceOf<T[K]>>>] }],
): void {
  for (const [token, host] of pairs as readonly (readonly [Token, HostToken<unknown>])[]) {
    const service = chat.get(token)
    if (container.isRegistered(host)) throw hostHasIt(token.name, host)
    container.register(host, { useValue: service })
  }
}
