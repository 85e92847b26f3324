import { newId, NatterErrors } from '@natter/core'
import type { Profile, Users } from '@natter/core'
import type { Awaitable } from '@natter/core/contract'
import type { FriendsConfig } from './config.js'
import { FriendsErrors } from './contract.js'
import type { Relations } from './contract.js'

interface DiscoveryParts {
  readonly users: Users
  readonly relations: Relations
  readonly search: FriendsConfig['search']
  readonly suggest: FriendsConfig['suggest']
}

/** How many people an answer has at most. */
const most = 50

/** Finding people, as far as they let themselves be found. */
export class Discovery {
  readonly #parts: DiscoveryParts

  constructor(parts: DiscoveryParts) {
    this.#parts = parts
  }

  /** @throws NATTER_NOT_AVAILABLE where nobody is under the handle, and where they do not let me find them */
  async find(me: string, handle: string): Promise<Profile> {
    const { users, relations } = this.#parts
    const found = await users.find(handle)
    const may = await relations.may(me, found?.id ?? newId(), 'find')
    if (!found || !may) throw NatterErrors.NOT_AVAILABLE()
    return found
  }

  search(me: string, text: string): Promise<{ people: Profile[] }> {
    const { search } = this.#parts
    return this.#people(me, search && search(me, text))
  }

  suggest(me: string): Promise<{ people: Profile[] }> {
    const { suggest } = this.#parts
    return this.#people(me, suggest && suggest(me))
  }

  /** Those of the host's answer who may be found, in its order. */
  async #people(me: string, asked: Awaitable<readonly string[]> | undefined): Promise<{ people: Profile[] }> {
    if (asked === undefined) throw FriendsErrors.NOT_OFFERED()
    const { users, relations } = this.#parts
    const ids = [...new Set(await asked)].filter((id) => id !== me).slice(0, 4 * most)
    const may = await Promise.all(ids.map(async (id) => relations.may(me, id, 'find')))
    const shown = ids.filter((_, i) => may[i]).slice(0, most)
    const profiles = new Map((await users.lookup(shown)).map((profile) => [profile.id, profile]))
    return { people: shown.flatMap((id) => profiles.get(id) ?? []) }
  }
}
