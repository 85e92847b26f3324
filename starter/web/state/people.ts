import { signal } from '@preact/signals'
import type { ReadonlySignal, Signal } from '@preact/signals'
import type { Kept } from './kept.js'

export interface Person {
  readonly id: string
  readonly name: string
  readonly handle?: string | undefined
  /** Where their picture is, below the chat's address. */
  readonly avatar?: string | undefined
}

/** Who is who: names and pictures by id, asked for in one go and remembered for when there is no connection. */
export interface People {
  of(id: string): ReadonlySignal<Person | undefined>
  byHandle(handle: string): Person | undefined
  learn(person: Person): void
  /** Asks for those who are still unknown. */
  refresh(): void
  clear(): void
}

const most = 500
const atOnce = 200

export function openPeople(kept: Kept, user: string, lookup: (ids: string[]) => Promise<readonly Person[]>): People {
  const key = `natter.people.${user}`
  const known = new Map<string, Signal<Person | undefined>>()
  const wanted = new Set<string>()
  let asking = false
  for (const person of kept.get<Person[]>(key) ?? []) known.set(person.id, signal(person))

  const keep = () => kept.set(key, [...known.values()].flatMap(({ value }) => value ?? []).slice(-most))
  const put = (person: Person) => {
    wanted.delete(person.id)
    const found = known.get(person.id)
    if (found) found.value = person
    else known.set(person.id, signal<Person | undefined>(person))
  }

  async function ask() {
    if (asking || wanted.size === 0) return
    asking = true
    const ids = [...wanted].slice(0, atOnce)
    try {
      const found = await lookup(ids)
      for (const id of ids) wanted.delete(id)
      found.forEach(put)
      keep()
    } catch {
      // They stay wanted until the next connection.
      return
    } finally {
      asking = false
    }
    await ask()
  }

  return {
    of(id) {
      const found = known.get(id)
      if (found) return found
      const unknown = signal<Person | undefined>(undefined)
      known.set(id, unknown)
      wanted.add(id)
      queueMicrotask(() => void ask())
      return unknown
    },
    byHandle(handle) {
      const same = handle.toLowerCase()
      for (const { value } of known.values()) if (value?.handle?.toLowerCase() === same) return value
      return undefined
    },
    learn(person) {
      put(person)
      keep()
    },
    refresh() {
      for (const id of known.keys()) wanted.add(id)
      void ask()
    },
    clear() {
      kept.remove(key)
      known.clear()
      wanted.clear()
    },
  }
}
