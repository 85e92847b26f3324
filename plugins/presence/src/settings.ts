import type { Records, RowFor } from '@natter/core/contract'
import type { PresenceSettings, settingModel } from './contract.js'

type Row = RowFor<typeof settingModel>
/** What is kept of a person. */
export interface Kept extends PresenceSettings {
  readonly seen: number | undefined
  /** While they hide: what others are told of the status. A new one would say that they are there. */
  readonly told?: Told | undefined
}
interface Told {
  readonly status?: PresenceSettings['status']
}
/** A change of it: what is left out stays. */
export interface Change {
  readonly mode?: PresenceSettings['mode'] | undefined
  readonly status?: PresenceSettings['status'] | null | undefined
  readonly hideSeen?: boolean | undefined
  readonly seen?: number | undefined
  readonly told?: Told | undefined
}

const remembered = 50_000
const together = 100

/** What people have set, read when somebody wants to know and remembered from then on. */
export class Settings {
  readonly #records: Records<typeof settingModel>
  readonly #known = new Map<string, Kept>()

  constructor(records: Records<typeof settingModel>) {
    this.#records = records
  }

  known(user: string): Kept | undefined {
    return this.#known.get(user)
  }

  async of(user: string): Promise<Kept> {
    const known = this.#known.get(user)
    if (known) return known
    const row = await this.#records.get({ user })
    return this.#keep(user, row)
  }

  /** Reads those that are not known yet, many at a time. */
  async load(users: readonly string[]): Promise<void> {
    const unknown = users.filter((user) => !this.#known.has(user))
    for (let from = 0; from < unknown.length; from += together) {
      const asked = unknown.slice(from, from + together)
      const { rows } = await this.#records.page({ user: { in: asked } }, { limit: together })
      const found = new Map(rows.map((row) => [row.user, row]))
      for (const user of asked) this.#keep(user, found.get(user))
    }
  }

  /** Stores a change. Two at once both count, each in what it changes. */
  async change(user: string, change: Change): Promise<Kept> {
    const set = changed(change)
    for (;;) {
      const row = await this.#records.updateIf({ user }, set)
      if (row) return this.#keep(user, row)
      const fresh = { ...plain, ...withoutNothing(set), user }
      if ((await this.#records.insert(fresh)) === 'inserted') return this.#keep(user, fresh)
    }
  }

  /** As it is stored, where anything is. */
  async *stored(user: string): AsyncGenerator<object> {
    const row = await this.#records.get({ user })
    if (row) yield row
  }

  /** Removes it, and knows nothing of it any more. */
  async forget(user: string): Promise<void> {
    await this.#records.take({ user })
    this.#known.delete(user)
  }

  #keep(user: string, row: Row | undefined): Kept {
    const kept = keptOf(row)
    this.#known.delete(user)
    if (this.#known.size >= remembered) {
      const [oldest] = this.#known.keys()
      this.#known.delete(oldest!)
    }
    this.#known.set(user, kept)
    return kept
  }
}

const plain = { mode: 'auto', hideSeen: false }

/** `undefined` takes a column away, as `updateIf` wants it. */
function changed({ mode, status, hideSeen, seen, told }: Change): Partial<Omit<Row, 'user'>> {
  return {
    ...(mode !== undefined && { mode }),
    ...(hideSeen !== undefined && { hideSeen }),
    ...(seen !== undefined && { seen }),
    ...(told !== undefined && { told }),
    ...(status !== undefined && { text: status?.text, emoji: status?.emoji, until: status?.until }),
  } as Partial<Omit<Row, 'user'>>
}

const withoutNothing = <T extends object>(row: T) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as T

function keptOf(row: Row | undefined): Kept {
  const { mode, hideSeen, text, emoji, until, seen, told } = row ?? (plain as Partial<Row>)
  return {
    mode: (mode ?? 'auto') as Kept['mode'],
    hideSeen: hideSeen ?? false,
    ...(text !== undefined && {
      status: { text, ...(emoji !== undefined && { emoji }), ...(until !== undefined && { until }) },
    }),
    seen,
    told: told as Told | undefined,
  }
}
