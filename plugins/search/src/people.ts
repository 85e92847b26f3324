import type { Profile, Runner, userAudience, userShow, Users } from '@natter/core'
import { isDenied } from '@natter/core/contract'
import type { Awaitable } from '@natter/core/contract'
import { SearchErrors } from './contract.js'
import { matchesIn } from './matching.js'
import { wordsOf } from './words.js'

interface PeopleParts {
  readonly users: Users
  readonly audience: Runner<typeof userAudience>
  readonly show: Runner<typeof userShow>
  readonly directory: ((user: string, text: string) => Awaitable<readonly string[]>) | undefined
}

/** As many as `Users.lookup` takes at once, and how many people are looked at for one answer. */
const atOnce = 200
const most = 2_000

/** Finds people, as far as they let themselves be found. */
export class FindPeople {
  readonly #parts: PeopleParts

  constructor(parts: PeopleParts) {
    this.#parts = parts
  }

  /** @throws SEARCH_NOTHING */
  async find(me: string, text: string, limit: number): Promise<{ people: Profile[] }> {
    const { users, audience, directory } = this.#parts
    const words = wordsOf(text)
    if (words.length === 0) throw SearchErrors.NOTHING()
    const [exact, known, named] = await Promise.all([
      users.find(text.trim().replace(/^@/, '')),
      audience({ user: me }, undefined),
      directory?.(me, text) ?? [],
    ])
    const byHost = new Set(named)
    const ids = new Set([...(exact ? [exact.id] : []), ...byHost, ...known])
    ids.delete(me)
    const people: Profile[] = []
    const all = [...ids].slice(0, most)
    for (let i = 0; i < all.length && people.length < limit; i += atOnce) {
      const page = all.slice(i, i + atOnce)
      const profiles = new Map((await users.lookup(page)).map((profile) => [profile.id, profile]))
      for (const id of page) {
        const profile = profiles.get(id)
        if (!profile || people.length === limit) continue
        // Whom the host named fits by its own rule.
        const fits = id === exact?.id || byHost.has(id) || matchesIn(`${profile.name}\n${profile.handle ?? ''}`, words)
        if (fits && (await this.#mayFind(me, id))) people.push(profile)
      }
    }
    return { people }
  }

  async #mayFind(me: string, user: string): Promise<boolean> {
    return !isDenied(await this.#parts.show({ user, to: me, why: 'find' }, undefined))
  }
}
