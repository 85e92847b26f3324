import { NatterErrors } from '@natter/core'
import type { Clock, Connections, Principal } from '@natter/core'
import type { Arrivals } from './arrivals.js'
import type { Device } from './contract.js'
import type { Sessions } from './sessions.js'

export interface DeviceParts {
  readonly sessions: Sessions
  readonly arrivals: Arrivals
  readonly connections: Pick<Connections, 'of'>
  readonly clock: Clock
}

/** A person's devices. */
export class Devices {
  readonly #parts: DeviceParts

  constructor(parts: DeviceParts) {
    this.#parts = parts
  }

  async list(who: Principal): Promise<{ devices: Device[] }> {
    const { sessions, connections, clock } = this.#parts
    const online = new Set(connections.of(who.user).map(({ session }) => session))
    const rows = await sessions.list(who.user)
    return {
      devices: rows.map((row) => ({
        session: row.id,
        device: row.device,
        name: row.name,
        createdAt: row.createdAt,
        lastSeenAt: online.has(row.id) ? clock.now() : row.lastSeenAt,
        current: row.id === who.session,
      })),
    }
  }

  async rename(input: { readonly session: string; readonly name: string }, who: Principal): Promise<{}> {
    const name = input.name.trim()
    if (name === '') throw NatterErrors.INVALID({ message: 'A name has at least one character.' })
    if (!(await this.#parts.sessions.rename(who.user, input.session, name))) throw NatterErrors.NOT_FOUND()
    return {}
  }

  async revoke(input: { readonly session: string }, who: Principal): Promise<{}> {
    if (!(await this.#parts.sessions.end(input.session, who.user))) throw NatterErrors.NOT_FOUND()
    return {}
  }

  async everywhere({ keepThis }: { readonly keepThis: boolean }, who: Principal) {
    const account = await this.#parts.sessions.endAll(who.user, keepThis ? who.session : undefined)
    if (!account) throw NatterErrors.UNAUTHENTICATED()
    return keepThis ? this.#parts.arrivals.access(account, who) : {}
  }
}
