import { Container } from 'inversify'
import type { ServiceIdentifier } from 'inversify'
import type { Awaitable, Token } from '../contract/index.js'

const identify = (name: string): ServiceIdentifier<object> => Symbol.for(`natter:${name}`) as never

/**
 * The container behind the tokens: inversify, with factory bindings and no decorators. It is asked at boot only; what it
 * gives is kept in fields. A container of the host's is bridged by `make` for each pair of tokens.
 */
export class ServiceContainer {
  readonly #container = new Container({ defaultScope: 'Singleton' })

  constant(token: Token, service: object): void {
    this.#container.bind(identify(token.name)).toConstantValue(service)
  }

  make(token: Token, make: () => Awaitable<object>): void {
    this.#container
      .bind(identify(token.name))
      .toResolvedValue(make as () => object)
      .inSingletonScope()
  }

  /** Makes the service, once. */
  async resolve(token: Token): Promise<object> {
    return this.#container.getAsync(identify(token.name))
  }
}
