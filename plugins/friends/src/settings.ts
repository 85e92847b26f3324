import type { Awaitable, Records } from '@natter/core/contract'
import type { Permission, Privacy, setting } from './contract.js'
import type { Recall } from './recall.js'

/** Whom each person lets do what. */
export class Settings {
  readonly #rows: Records<typeof setting>
  readonly #recall: Recall
  readonly #standard: Privacy

  constructor(rows: Records<typeof setting>, recall: Recall, standard: Privacy) {
    this.#rows = rows
    this.#recall = recall
    this.#standard = standard
  }

  /** As it is stored now. */
  async read(user: string): Promise<Privacy> {
    const { user: _user, ...own } = (await this.#rows.get({ user })) ?? { user }
    return { ...this.#standard, ...(own as Partial<Privacy>) }
  }

  /** As it is remembered. */
  of(user: string): Awaitable<Privacy> {
    return this.#recall.get(user, () => this.read(user))
  }

  async set(user: string, given: { readonly [P in Permission]?: Privacy[P] | undefined }): Promise<Privacy> {
    const own = Object.fromEntries(Object.entries(given).filter(([, who]) => who !== undefined)) as Partial<Privacy>
    if (Object.keys(own).length > 0) {
      const change = () => this.#rows.updateIf({ user }, own)
      // Two first ones may race: one of them inserts, and the other finds its row.
      if (!(await change()) && (await this.#rows.insert({ user, ...own })) === 'exists') await change()
      await this.#recall.changed(user)
    }
    return this.read(user)
  }
}
