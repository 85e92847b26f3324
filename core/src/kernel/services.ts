import type { Token } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { isClass, kindOf } from './error-text.js'
import { lateService } from './late-service.js'
import type { LateService } from './late-service.js'
import type { Plugin } from './plugin.js'
import type { Maker } from './registry.js'
import { ServiceContainer } from './service-container.js'
import type { Provider } from './sort-plugins.js'
import { toProvide } from './suggestions.js'
import { tracedStorage } from './traced-storage.js'

type Tokens = Readonly<Record<string, Token>>

/** The services: made once at boot, in the container, and handed to plugins as facades that setup can take apart. */
export class Services {
  readonly #container = new ServiceContainer()
  readonly #providers: ReadonlyMap<string, Provider>
  readonly #late = new Map<string, LateService>()
  readonly #ready = new Map<string, object>()

  constructor(providers: ReadonlyMap<string, Provider>) {
    this.#providers = providers
  }

  /** What a plugin gets: each service it needs, and each it wants that somebody provides. */
  of(plugin: Plugin): object {
    const wanted: Tokens = { ...plugin.spec.needs, ...plugin.spec.wants }
    return Object.fromEntries(
      Object.entries(wanted).map(([local, token]) => [
        local,
        this.#providers.has(token.name) ? (this.#ready.get(token.name) ?? this.#lateOf(token.name).facade) : undefined,
      ]),
    )
  }

  /** A service of the core that is there. */
  supply(token: Token, service: object): void {
    this.#container.constant(token, service)
    this.#bind(token, service)
  }

  /** Makes a service, once. `who` provides it, for the message when it is none. */
  async make(token: Token, who: string, make: Maker['make']): Promise<void> {
    this.#container.make(token, async () => {
      const made = await make()
      if (typeof made === 'object' && made !== null) return made
      throw NatterErrors.NOT_PROVIDED({
        message: `${who} provided ${kindOf(made)} as the service "${token.name}".\n  ${
          isClass(made) ? `Return an instance: new ${made.name}(…).` : 'A service is an object with methods.'
        }`,
      })
    })
    this.#bind(token, await this.#container.resolve(token))
  }

  /** @throws NATTER_SERVICE_UNREADY, NATTER_NEED_MISSING */
  get<T>(token: Token<T>): T {
    const service = this.#ready.get(token.name)
    if (service !== undefined) return service as T
    if (this.#providers.has(token.name)) {
      throw NatterErrors.SERVICE_UNREADY({
        message: `The service "${token.name}" is not ready yet.\n  Ask for it after boot.`,
      })
    }
    throw NatterErrors.NEED_MISSING({
      message: `The service "${token.name}" was asked for, and no plugin provides it.\n  ${toProvide(token.name)}`,
    })
  }

  /** Whether somebody provides it, now or at boot. */
  provided(token: Token): boolean {
    return this.#providers.has(token.name)
  }

  has(token: Token): boolean {
    return this.#ready.has(token.name)
  }

  #bind(token: Token, given: object): void {
    const service = token.name === 'storage' ? tracedStorage(given as never) : given
    this.#ready.set(token.name, service)
    this.#late.get(token.name)?.bind(service)
  }

  #lateOf(name: string): LateService {
    const late = this.#late.get(name) ?? lateService(name)
    this.#late.set(name, late)
    return late
  }
}

/**
 * Every promised service must have been provided in setup.
 *
 * @throws NATTER_NOT_PROVIDED
 */
export function checkPromises(plugins: readonly Plugin[], makers: ReadonlyMap<string, Maker>): void {
  for (const { name, spec } of plugins) {
    for (const token of (spec.provides ?? []) as readonly Token[]) {
      if (makers.has(token.name)) continue
      throw NatterErrors.NOT_PROVIDED({
        message: `${name} promises the service "${token.name}" and did not provide it.\n  Call api.provide(…) in its setup, or take it out of "provides".`,
      })
    }
  }
}
