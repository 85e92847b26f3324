import type { Clock, Connection, Timer } from '@natter/core'
import type { DeviceKind, PersonPresence } from './contract.js'

/** What a connection has told of its device. */
interface Told {
  active: boolean
  kind: DeviceKind | undefined
}
interface Person {
  readonly connections: Map<string, Told>
  /** What devices that were lost had told, by device, and when that was, in monotonic ms. It holds when they come back. */
  readonly lost: Map<string, { readonly told: Told; readonly at: number }>
  /** Runs from the loss of all connections until the grace is over. Meanwhile what was lost counts as if it were there. */
  leaving: Timer | undefined
}
/** What the devices of a person say together. */
export interface Live {
  readonly active: boolean
  readonly on: PersonPresence['on']
}

/** Devices that are lost within so long of each other are lost together, ms. */
const togetherMs = 1_000
/** So many of a person are remembered: a host may give each connection a device of its own. */
const mostLost = 20

/** Who is connected to this node, by what their devices say. Somebody is gone only when the grace is over. */
export class People {
  readonly #people = new Map<string, Person>()
  readonly #clock: Clock
  readonly #graceMs: number
  readonly #on: { changed(user: string): void; gone(user: string, at: number): void }

  constructor(
    clock: Clock,
    graceMs: number,
    on: {
      changed(user: string): void
      /** The grace is over. `at`: when the last connection ended, ms. */
      gone(user: string, at: number): void
    },
  ) {
    this.#clock = clock
    this.#graceMs = graceMs
    this.#on = on
  }

  opened({ user, device, id }: Pick<Connection, 'user' | 'device' | 'id'>): void {
    let person = this.#people.get(user)
    if (!person) this.#people.set(user, (person = { connections: new Map(), lost: new Map(), leaving: undefined }))
    const lost = person.lost.get(device)
    person.lost.delete(device)
    const back = lost !== undefined && lost.at + this.#graceMs > this.#clock.monotonic()
    person.connections.set(id, back ? lost.told : { active: true, kind: undefined })
    this.#on.changed(user)
  }

  says({ user, id }: Pick<Connection, 'user' | 'id'>, active: boolean, kind: DeviceKind | undefined): void {
    const told = this.#people.get(user)?.connections.get(id)
    if (!told) return
    told.active = active
    told.kind = kind ?? told.kind
    this.#on.changed(user)
  }

  closed({ user, device, id }: Pick<Connection, 'user' | 'device' | 'id'>): void {
    const person = this.#people.get(user)
    const told = person?.connections.get(id)
    if (!person || !told) return
    person.connections.delete(id)
    const now = this.#clock.monotonic()
    person.lost.delete(device)
    person.lost.set(device, { told, at: now })
    if (person.lost.size > mostLost) person.lost.delete(person.lost.keys().next().value!)
    // Of what was lost before the last second it was told already that it is gone.
    const since = now - (person.leaving ? this.#graceMs : togetherMs)
    if (person.connections.size > 0) return this.#on.changed(user)
    for (const [other, { at }] of person.lost) if (at < since) person.lost.delete(other)
    person.leaving?.cancel()
    const at = this.#clock.now()
    person.leaving = this.#clock.after(this.#graceMs, () => {
      person.leaving = undefined
      person.lost.clear()
      if (person.connections.size > 0) return this.#on.changed(user)
      this.#people.delete(user)
      this.#on.gone(user, at)
    })
  }

  /** Nothing of who is not there. Within the grace it is as before. */
  of(user: string): Live | undefined {
    const person = this.#people.get(user)
    return person && liveOf(person)
  }

  /** Somebody goes without a grace, and nobody is told when: they were erased. */
  forget(user: string): void {
    this.#people.get(user)?.leaving?.cancel()
    this.#people.delete(user)
    this.#on.changed(user)
  }

  /** Everybody who is there goes now: the node stops. */
  stop(): readonly string[] {
    const all = [...this.#people.keys()]
    for (const { leaving } of this.#people.values()) leaving?.cancel()
    this.#people.clear()
    return all
  }
}

function liveOf({ connections, lost, leaving }: Person): Live {
  const all = [...connections.values(), ...(leaving ? [...lost.values()].map(({ told }) => told) : [])]
  const on = new Set(all.flatMap(({ kind }) => kind ?? []))
  return { active: all.some(({ active }) => active), on: [...on].sort() }
}
