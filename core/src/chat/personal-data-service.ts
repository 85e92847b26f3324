import type { Awaitable } from '../contract/index.js'
import type { DataPart, Exported, HeldData, PersonalData } from '../services/personal-data.js'
import type { Erasures } from './erasures.js'
import { hostId } from './host-id.js'

interface ServiceParts {
  /** The parts of all plugins. */
  readonly data: (who: { readonly user: string }) => Awaitable<readonly DataPart[]>
  readonly erasures: () => Erasures
  readonly holdings: readonly HeldData[]
}

/** Export and erasure for the host and for plugins. */
export class PersonalDataService implements PersonalData {
  readonly #parts: ServiceParts

  constructor(parts: ServiceParts) {
    this.#parts = parts
  }

  async *export(user: string | number): AsyncGenerator<Exported> {
    for (const { name, items } of await this.#parts.data({ user: hostId(user) })) {
      for await (const item of items) yield { part: name, item }
    }
  }

  async erase(user: string | number): Promise<void> {
    return this.#parts.erasures().erase(hostId(user))
  }

  holds(): readonly HeldData[] {
    return this.#parts.holdings
  }
}
