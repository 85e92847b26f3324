import { andThen } from '@natter/core'
import type { Awaitable, Page, Records } from '@natter/core/contract'
import type { pair, Permission, Privacy, Relations } from './contract.js'
import { pairKey } from './pairs.js'
import type { Pairs } from './pairs.js'
import type { Recall } from './recall.js'
import type { PairRow, Seen } from './seen.js'
import { keyOf, mirrored } from './seen.js'
import type { Settings } from './settings.js'
import { both } from './both.js'

interface RelationsParts {
  readonly rows: Records<typeof pair>
  readonly pairs: Pairs
  readonly settings: Settings
  readonly recall: Recall
}

/** The service `relations`, from our own rows. */
export class OwnRelations implements Relations {
  readonly #parts: RelationsParts

  constructor(parts: RelationsParts) {
    this.#parts = parts
  }

  blocked(a: string, b: string): Awaitable<boolean> {
    return a === b ? false : andThen(this.#seen(a, b), apart)
  }

  may(viewer: string, subject: string, what: Permission): Awaitable<boolean> {
    if (viewer === subject) return true
    return both(this.#seen(viewer, subject), this.#parts.settings.of(subject), (seen, privacy) =>
      allows(seen, privacy, what),
    )
  }

  async friendsOf(
    user: string,
    { limit = 100, after = 'a.' }: { readonly limit?: number; readonly after?: string } = {},
  ): Promise<{ readonly users: readonly string[]; readonly next: string | undefined }> {
    const { rows } = this.#parts
    const users: string[] = []
    let place: string | undefined = after
    while (place !== undefined && users.length < limit) {
      const cursor: string = place.slice(2)
      const page = { limit: limit - users.length, ...(cursor === '' ? {} : { after: cursor }) }
      const asA: boolean = place.startsWith('a')
      const found: Page<PairRow> = await (asA
        ? rows.page({ a: user, state: 'friend' }, page)
        : rows.page({ b: user, state: 'friend' }, page))
      users.push(...found.rows.map(({ a, b }) => (asA ? b : a)))
      place = found.next !== undefined ? `${place.slice(0, 2)}${found.next}` : asA ? 'b.' : undefined
    }
    return { users, next: place }
  }

  #seen(me: string, other: string): Awaitable<Seen> {
    const { a, b } = keyOf(me, other)
    const seen = this.#parts.recall.get(pairKey(a, b), () => this.#parts.pairs.read(a, b))
    return me === a ? seen : andThen(seen, mirrored)
  }
}

const apart = ({ blocks, blocked }: Seen) => blocks !== undefined || blocked !== undefined

/** Whether who sees the other like this may do it, by the other's settings. */
export function allows(seen: Seen, privacy: Privacy, what: Permission): boolean {
  if (apart(seen)) return false
  if (what === 'message' && seen.let) return true
  const who = privacy[what]
  return who === 'everyone' || (who === 'friends' && seen.is === 'friend')
}
