import type { Records, RowFor } from '@natter/core/contract'
import type { Clock, Profile } from '@natter/core'
import type { account } from './contract.js'
import { comparableHandle } from './handles.js'
import type { Handle } from './handles.js'

export type Account = RowFor<typeof account>

/** The accounts of this server. Those that were closed are not there for any of these. */
export class AccountBook {
  readonly #rows: Records<typeof account>
  readonly #clock: Clock

  constructor(rows: Records<typeof account>, clock: Clock) {
    this.#rows = rows
    this.#clock = clock
  }

  async get(id: string): Promise<Account | undefined> {
    return living(await this.#rows.get({ id }))
  }

  /** By handle, however it is written. */
  async byHandle(handle: string): Promise<Account | undefined> {
    const comparable = comparableHandle(handle)
    if (comparable.length > 64) return undefined
    const { rows } = await this.#rows.page({ handle: comparable }, { limit: 1 })
    return living(rows[0])
  }

  async byIds(ids: readonly string[]): Promise<readonly Account[]> {
    if (ids.length === 0) return []
    const { rows } = await this.#rows.page({ id: { in: [...new Set(ids)] } }, { limit: 200 })
    return rows.filter((row) => row.goneAt === 0)
  }

  /** Makes an account; nothing when the handle, or one that looks like it, is taken. */
  async make(id: string, handle: Handle, name: string): Promise<Account | undefined> {
    const now = this.#clock.now()
    const row: Account = { id, ...handle, name, createdAt: now, version: 1, versionAt: now, goneAt: 0 }
    return (await this.#rows.insert(row)) === 'inserted' ? row : undefined
  }

  setName(id: string, name: string): Promise<Account | undefined> {
    return this.#rows.updateIf({ id, goneAt: 0 }, { name })
  }

  setAvatar(id: string, avatar: string | undefined): Promise<Account | undefined> {
    return this.#rows.updateIf({ id, goneAt: 0 }, { avatar })
  }

  /** Raises the version, which ends every session that was opened under an earlier one. */
  raise(id: string): Promise<Account | undefined> {
    return this.#rows.updateIf({ id, goneAt: 0 }, { versionAt: this.#clock.now() }, { version: 1 })
  }

  /** Ends the account and with it its sessions. Its handle stays taken, so that nobody can pass for the person. */
  close(id: string): Promise<Account | undefined> {
    const now = this.#clock.now()
    return this.#rows.updateIf({ id, goneAt: 0 }, { goneAt: now, versionAt: now, avatar: undefined }, { version: 1 })
  }
}

const living = (row: Account | undefined) => (row?.goneAt === 0 ? row : undefined)

export const profileOf = (row: Account): Profile => ({
  id: row.id,
  name: row.name,
  handle: row.written,
  ...(row.avatar ? { avatar: `auth/avatar/${row.id}/${row.avatar}` } : {}),
})
