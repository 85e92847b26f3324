import type { ServiceOf, Token } from '../contract/index.js'
import { hostBridge, hostFault, hostHasIt, nameOf } from './host-bridge.js'
import type { HostBridge, HostToken, Pairs } from './host-bridge.js'

/** The part of an inversify container that is used; the host's copy may be another than ours. */
export interface InversifyLike {
  get(id: unknown): unknown
  isBound(id: unknown): boolean
  bind(id: unknown): { toConstantValue(value: unknown): unknown }
}

/**
 * Services of the host's inversify container for the chat's plugins, by explicit pairs. They are resolved once, at boot.
 *
 * @throws NATTER_NEED_MISSING at boot, readable, for a service that is not bound or asynchronous.
 * @example
 * createChat({ plugins, container: fromInversify(container, [[Mailer, AppMailer]]) })
 */
export function fromInversify<const T extends readonly Token[]>(
  container: InversifyLike,
  pairs: Pairs<T>,
): HostBridge<T[number]['name']> {
  return hostBridge<T>(pairs, (host, service) => {
    if (!container.isBound(host))
      throw hostFault(service, `has no binding of ${nameOf(host)}`, 'Bind it before createChat.')
    try {
      return container.get(host)
    } catch (cause) {
      const text = String((cause as { message?: unknown }).message ?? cause)
      if (/async/i.test(text)) {
        throw hostFault(
          service,
          `makes ${nameOf(host)} asynchronously`,
          'Call await container.getAsync(…) for it once before createChat, in singleton scope.',
          cause,
        )
      }
      throw hostFault(service, `cannot make ${nameOf(host)}: ${text.split('\n')[0]}`, 'Bind what it is made of.', cause)
    }
  })
}

/**
 * Services of the chat for the host's inversify container, by explicit pairs.
 *
 * @throws NATTER_NEED_MISSING for a service that no plugin provides, NATTER_PROVIDED_TWICE for a name that is bound already.
 * @example
 * toInversify(chat, container, [[Conversations, 'conversations']])
 */
export function toInversify<const T extends readonly Token[]>(
  chat: { get<S>(token: Token<S>): S },
  container: InversifyLike,
  pairs: readonly [...{ readonly [K in keyof T]: readonly [service: T[K], host: HostToken<NoInfer<ServiceOf<T[K]>>>] }],
): void {
  for (const [token, host] of pairs as readonly (readonly [Token, HostToken<unknown>])[]) {
    const service = chat.get(token)
    if (container.isBound(host)) throw hostHasIt(token.name, host)
    container.bind(host).toConstantValue(service)
  }
}
