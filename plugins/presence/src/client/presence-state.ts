import type { ClientApi, Readable } from '@natter/client'
import type { PersonPresence } from '../contract.js'
import { createScribes } from './scribes.js'
import type { Scribes } from './scribes.js'
import { value } from './value.js'
import type { Value } from './value.js'

/** For tests and odd platforms. */
export interface PresenceOptions {
  /** Default: those of the platform. */
  readonly setTimeout?: (run: () => void, ms: number) => unknown
  readonly clearTimeout?: (timer: never) => void
  /** Ms that never go back. Default: `performance.now`. */
  readonly monotonic?: () => number
}
export type { Scribe } from './scribes.js'

/** What the client keeps beside the calls. */
export interface PresenceState extends Pick<Scribes, 'writers' | 'writing'> {
  /**
   * Somebody's presence; nothing until it is known. While anybody subscribes, the server is asked to tell of changes: of 500
   * people at most, those that were subscribed to last.
   */
  of(user: string): Readable<PersonPresence | undefined>
}

const most = 500

/** Keeps what the server tells, and tells the server whom the page shows. */
export function presenceState(api: ClientApi, options: PresenceOptions): PresenceState {
  const people = new Map<string, Value<PersonPresence | undefined>>()
  /** Who is subscribed to, the last one last. */
  const watched = new Set<string>()
  let due = false

  const learn = (list: readonly PersonPresence[]) => {
    for (const person of list) people.get(person.user)?.set(person)
  }
  const ask = () => {
    if (due) return
    due = true
    // What is shown in one turn is asked for together.
    queueMicrotask(() => {
      due = false
      if (api.status.get().link !== 'online') return
      const users = [...watched].slice(-most)
      const answer = api.call('presence.watch', { users }) as Promise<{ readonly people: readonly PersonPresence[] }>
      // The next connection asks again.
      answer.then(({ people: found }) => learn(found)).catch(() => undefined)
    })
  }

  function of(user: string): Readable<PersonPresence | undefined> {
    const known = people.get(user)
    if (known) return known
    const made = value<PersonPresence | undefined>(undefined, (some) => {
      // What nobody looks at is not kept; who looks at it again gets the same value.
      if (some) {
        watched.add(user)
        people.set(user, made)
      } else {
        watched.delete(user)
        people.delete(user)
      }
      ask()
    })
    people.set(user, made)
    return made
  }

  let online = false
  api.status.subscribe(() => {
    const now = api.status.get().link === 'online'
    if (now && !online && watched.size > 0) ask()
    online = now
  })
  api.on('presence.changed', ({ people: list }: { readonly people: readonly PersonPresence[] }) => learn(list))
  return { of, ...createScribes(api, options) }
}
