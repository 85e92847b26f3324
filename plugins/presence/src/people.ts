import type { Clock, Connection, Timer } from '@natter/core'
import type { DeviceKind, PersonPresence } from './contract.js'

/** What a connection has told of its device. */
interface Told {
  active: boolean
  kind: DeviceKind | undefined
}
interface Person {
  readonly connections: Map<string, Told>
  /** Runs while nobody is connected, until the grace is over. */
  leaving: Timer | undefined
  /** How it was while somebody was connected last. */
  before: Live
}
/** What the devices of a person say together. */
export interface Live {
  readonly active: boolean
  readonly on: PersonPresence['on']
}

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

  opened({ user, id }: Pick<Connection, 'user' | 'id'>): void {
    let person = this.#people.get(user)
    if (!person) this.#people.set(user, (person = { connections: new Map(), leaving: undefined, before: silent }))
    person.leaving?.cancel()
    person.leaving = undefined
    person.connections.set(id, { active: true, kind: undefined })
    this.#on.changed(user)
  }

  says({ user, id }: Pick<Connection, 'user' | 'id'>, active: boolean, kind: DeviceKind | undefined): void {
    const told = this.#people.get(user)?.connections.get(id)
    if (!told) return
    told.active = active
    told.kind = kind ?? told.kind
    this.#on.changed(user)
  }

  closed({ user, id }: Pick<Connection, 'user' | 'id'>): void {
    const person = this.#people.get(user)
    if (!person?.connections.has(id)) return
    const before = liveOf(person)
    person.connections.delete(id)
    if (person.connections.size > 0) return this.#on.changed(user)
    person.before = before
    const at = this.#clock.now()
    person.leaving = this.#clock.after(this.#graceMs, () => {
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

const silent: Live = { active: false, on: [] }

function liveOf({ connections, before }: Person): Live {
  if (connections.size === 0) return before
  const all = [...connections.values()]
  const on = new Set(all.flatMap(({ kind }) => kind ?? []))
  return { active: all.some(({ active }) => active), on: [...on].sort() }
}
