import { allRows } from '@natter/core'
import type { Clock, Connections, DataPart, ErasureStep } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { AccountBook } from './accounts.js'
import type { Pictures } from './avatars.js'
import type { account, avatar, credential, session } from './contract.js'
import { nobody } from './sessions.js'
import type { Sessions } from './sessions.js'

interface PersonParts {
  readonly rows: {
    readonly accounts: Records<typeof account>
    readonly credentials: Records<typeof credential>
    readonly sessions: Records<typeof session>
    readonly avatars: Records<typeof avatar>
  }
  readonly accounts: AccountBook
  readonly sessions: Sessions
  readonly pictures: Pictures
  readonly connections: Pick<Connections, 'disconnect'>
  readonly clock: Clock
}

/** What is held of a person: their account and picture, when they set up which way to log in, where they were logged in. */
export function dataOf({ rows }: PersonParts, user: string): readonly DataPart[] {
  async function* accounts() {
    const row = await rows.accounts.get({ id: user })
    if (row) yield { id: row.id, handle: row.written, name: row.name, createdAt: row.createdAt }
  }
  async function* pictures() {
    const row = await rows.avatars.get({ user })
    if (row) yield { type: row.type, base64: row.data }
  }
  // Never what they prove: hashes and keys are no use to the person, and one to a thief.
  async function* waysIn() {
    for await (const { method, at, name } of allRows(rows.credentials, { user })) {
      yield { method, at, ...(name !== undefined && { name }) }
    }
  }
  async function* devices() {
    for await (const row of allRows(rows.sessions, { user })) {
      const { id, device, name, createdAt, lastSeenAt, endedAt } = row
      yield { session: id, device, name, createdAt, lastSeenAt, ...(endedAt > 0 && { endedAt }) }
    }
  }
  return [
    { name: 'auth.account', items: accounts() },
    { name: 'auth.picture', items: pictures() },
    { name: 'auth.waysIn', items: waysIn() },
    { name: 'auth.devices', items: devices() },
  ]
}

/**
 * First nobody acts as them any more, on any node; at last the account goes, and frees its handle. Of a session stays that it is
 * over, without a name: a ticket for it counts for an hour, and after a restart only this says that it does not.
 */
export function erasureOf(parts: PersonParts, user: string): readonly ErasureStep[] {
  const { rows, accounts, sessions, pictures, connections, clock } = parts
  const unname = async () => {
    for await (const { id, endedAt } of allRows(rows.sessions, { user })) {
      const over = { endedAt: endedAt || clock.now(), createdAt: 0, lastSeenAt: 0, rotatedAt: 0 }
      await rows.sessions.updateIf(
        { id },
        { user: nobody, device: nobody, name: '', refresh: '', previous: undefined, ...over },
      )
    }
  }
  const close = async () => {
    const closed = await accounts.close(user)
    if (closed) await sessions.raised(closed)
    await Promise.all([rows.credentials.remove({ user }), pictures.remove(user)])
    await unname()
    await connections.disconnect({ user })
    return undefined
  }
  const remove = async () => {
    await Promise.all([rows.credentials.remove({ user }), pictures.remove(user), unname()])
    await rows.accounts.take({ id: user })
    return undefined
  }
  return [
    { name: 'auth.close', phase: 'close', run: close },
    { name: 'auth.account', phase: 'erase', run: remove },
  ]
}
