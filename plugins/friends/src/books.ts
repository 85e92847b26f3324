import { InTurn, NatterErrors } from '@natter/core'
import type { Records, RowFor } from '@natter/core/contract'
import type { book, FriendGroup } from './contract.js'

type Row = RowFor<typeof book>
/** What changed and at which version: the other person's id, or one of `topics`. */
type Recent = readonly (readonly [version: number, what: string])[]

/** What a list tells beside people. `+` is in no id. */
export const topics = { groups: '+groups', privacy: '+privacy' } as const

/** How many changes are told one by one; who missed more gets the whole list. */
const mostRecent = 128
const mostTries = 200

/**
 * Each person's list as versions: what changed is noted in the row that counts, in the same write, so that no version can
 * be seen before a smaller one. It is written behind what it tells of, and may tell of a thing twice.
 */
export class Books {
  readonly #rows: Records<typeof book>
  readonly #turns = new InTurn()
  readonly #written: (user: string, version: number) => void

  /** `written` hears of each new version. */
  constructor(rows: Records<typeof book>, written: (user: string, version: number) => void) {
    this.#rows = rows
    this.#written = written
  }

  get(user: string): Promise<Row | undefined> {
    return this.#rows.get({ user })
  }

  /** Notes that something changed. */
  async note(user: string, what: string): Promise<void> {
    await this.#turns.run(user, () => this.#change(user, what, () => ({})))
  }

  /**
   * Somebody is in no list any more, and no list tells that they were: who has not heard of this version gets the whole list.
   * `listed`: they are in it now, also where no change tells of them.
   */
  async forget(user: string, who: string, listed = false): Promise<void> {
    await this.#turns.run(user, async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const row = await this.#rows.get({ user })
        if (!row || !(listed || namesIn(row, who))) return
        const version = row.version + 1
        const next = { recent: [], floor: version }
        if (await this.#rows.updateIf({ user, version: row.version }, next, { version: 1 })) {
          return this.#written(user, version)
        }
      }
      throw NatterErrors.BUSY({ message: 'This list changes too fast. Try again in a moment.' })
    })
  }

  /** Changes the groups; `edit` answers nothing where all is as it should be. */
  async regroup(
    user: string,
    edit: (groups: readonly FriendGroup[]) => readonly FriendGroup[] | undefined,
  ): Promise<void> {
    await this.#turns.run(user, () =>
      this.#change(user, topics.groups, (row) => {
        const groups = edit(groupsOf(row))
        return groups && { groups }
      }),
    )
  }

  async #change(
    user: string,
    what: string,
    edit: (row: Row) => { readonly groups?: readonly FriendGroup[] } | undefined,
  ): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      const stored = await this.#rows.get({ user })
      const row = stored ?? blank(user)
      const more = edit(row)
      if (!more) return
      const version = row.version + 1
      const recent = [...recentOf(row).filter(([, other]) => other !== what), [version, what] as const]
      const [first] = recent
      const dropped = recent.length > mostRecent ? first![0] : row.floor
      const next = { recent: recent.slice(-mostRecent), floor: dropped, ...more }
      const written = stored
        ? await this.#rows.updateIf({ user, version: row.version }, next, { version: 1 })
        : (await this.#rows.insert({ ...row, ...next, version })) === 'inserted'
      if (written) return this.#written(user, version)
    }
    throw NatterErrors.BUSY({ message: 'This list changes too fast. Try again in a moment.' })
  }

  /**
   * Takes one of what a person may do in a window.
   *
   * @throws NATTER_RATE_LIMITED with the time until the next window
   */
  async spend(
    user: string,
    { points, windowMs }: { readonly points: number; readonly windowMs: number },
    now: number,
  ): Promise<void> {
    const since = now - windowMs
    for (let tries = 0; tries < mostTries; tries++) {
      if (await this.#rows.updateIf({ user, askedSince: { gt: since }, asked: { lt: points } }, {}, { asked: 1 }))
        return
      if (await this.#rows.updateIf({ user, askedSince: { lte: since } }, { askedSince: now, asked: 1 })) return
      const row = await this.#rows.get({ user })
      if (!row) {
        if ((await this.#rows.insert({ ...blank(user), askedSince: now, asked: 1 })) === 'inserted') return
      } else if (row.askedSince > since && row.asked >= points) {
        throw NatterErrors.RATE_LIMITED({
          message: 'Too many requests for now. Ask again later.',
          retryAfterMs: Math.max(1, row.askedSince - since),
        })
      }
    }
    throw NatterErrors.BUSY()
  }
}

const blank = (user: string): Row => ({
  user,
  version: 0,
  floor: 0,
  recent: [],
  groups: [],
  askedSince: 0,
  asked: 0,
})

export const groupsOf = (row: Row | undefined): readonly FriendGroup[] => (row?.groups ?? []) as readonly FriendGroup[]

const recentOf = (row: Row) => row.recent as Recent

/** What changed after a version; nothing where that can no longer be told. */
export function changesAfter(row: Row | undefined, version: number): readonly string[] | undefined {
  if (version > (row?.version ?? 0) || version < (row?.floor ?? 0)) return undefined
  return row ? recentOf(row).flatMap(([at, what]) => (at > version ? [what] : [])) : []
}

/** Whether a list tells of somebody. */
export const namesIn = (row: Row, who: string): boolean => recentOf(row).some(([, what]) => what === who)
