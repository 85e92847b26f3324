import { newId, NatterErrors } from '@natter/core'
import type { Clock, Users } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { Books } from './books.js'
import type { FriendsConfig } from './config.js'
import { FriendsErrors } from './contract.js'
import type { pair } from './contract.js'
import { allows } from './own-relations.js'
import type { Moved, Pairs } from './pairs.js'
import type { Seen } from './seen.js'
import type { Settings } from './settings.js'
import { accept, ask, block, cancel, letAnswer, reject, remove, unblock } from './steps.js'

interface FriendshipsParts {
  readonly rows: Records<typeof pair>
  readonly pairs: Pairs
  readonly books: Books
  readonly settings: Settings
  readonly users: Users
  readonly clock: Clock
  readonly config: FriendsConfig
}

type Asked = ({ readonly user: string } | { readonly handle: string }) & { readonly note?: string | undefined }

/** What people do to become friends, to stop being friends, and to keep somebody away. */
export class Friendships {
  readonly #parts: FriendshipsParts

  constructor(parts: FriendshipsParts) {
    this.#parts = parts
  }

  /** @throws as `friends.request` says */
  async request(me: string, asked: Asked): Promise<Moved & { readonly other: string }> {
    const { pairs, settings, users, clock, config } = this.#parts
    const byHandle = 'handle' in asked
    const found = byHandle ? await users.find(asked.handle) : { id: asked.user }
    // Where nobody is under the handle, somebody is asked after all the same: what happens must not tell.
    const other = found?.id ?? newId()
    mustBeAnother(me, other)
    const [exists, seen, privacy] = await Promise.all([
      users.exists(other),
      pairs.read(me, other),
      settings.read(other),
    ])
    const reached = found !== undefined && exists && (!byHandle || allows(seen, privacy, 'find'))
    const welcome = reached && allows(seen, privacy, 'add')
    if (seen.is === 'none') await this.#mayAsk(me, seen, welcome)
    const step = ask(clock.now(), welcome, asked.note, config.requestLifeMs)
    return { other, ...(await pairs.move(me, other, step)) }
  }

  /** Whether a person to whom there is nothing yet may be asked. */
  async #mayAsk(me: string, seen: Seen, welcome: boolean): Promise<void> {
    const { books, clock, config } = this.#parts
    if (seen.blocks !== undefined) throw FriendsErrors.YOU_BLOCKED()
    // Counted first, so that asking who exists is limited too.
    await books.spend(me, config.requests, clock.now())
    if ((await this.#open(me)) >= config.openRequests) throw FriendsErrors.TOO_MANY_OPEN()
    if (!welcome) throw NatterErrors.NOT_AVAILABLE()
    const wait = (seen.refused ?? -Infinity) + config.requestAgainMs - clock.now()
    if (wait > 0) throw FriendsErrors.TOO_SOON({ retryAfterMs: wait })
  }

  /** How many of my requests nobody has answered, as far as it matters. */
  async #open(me: string): Promise<number> {
    const { rows, config } = this.#parts
    const limit = config.openRequests
    const [asA, asB] = await Promise.all([
      rows.page({ a: me, state: 'outgoing' }, { limit }),
      rows.page({ b: me, state: 'incoming' }, { limit }),
    ])
    return asA.rows.length + asB.rows.length
  }

  /** @throws NATTER_NOT_FOUND */
  accept(me: string, other: string): Promise<Moved> {
    return this.#parts.pairs.move(me, other, accept(this.#parts.clock.now()))
  }

  async reject(me: string, other: string): Promise<void> {
    await this.#parts.pairs.move(me, other, reject(this.#parts.clock.now()))
  }

  async cancel(me: string, other: string): Promise<void> {
    await this.#parts.pairs.move(me, other, cancel(this.#parts.clock.now()))
  }

  async remove(me: string, other: string): Promise<void> {
    await this.#parts.pairs.move(me, other, remove(this.#parts.clock.now()))
  }

  /** @throws FRIENDS_SELF */
  block(me: string, other: string): Promise<Moved> {
    mustBeAnother(me, other)
    return this.#parts.pairs.move(me, other, block(this.#parts.clock.now()))
  }

  async unblock(me: string, other: string): Promise<void> {
    await this.#parts.pairs.move(me, other, unblock)
  }

  /** I write to somebody whom my settings keep from writing to me: they may answer. */
  async letAnswer(me: string, other: string): Promise<void> {
    await this.#parts.pairs.move(me, other, letAnswer)
  }
}

function mustBeAnother(me: string, other: string): void {
  if (me === other) throw FriendsErrors.SELF()
}
