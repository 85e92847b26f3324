import type { ClientApi, Readable } from '@natter/client'
import type { Writing } from '../contract.js'
import type { PresenceOptions } from './presence-state.js'
import { value } from './value.js'
import type { Value } from './value.js'

/** Somebody who is writing. */
export interface Scribe {
  readonly user: string
  readonly what: Writing
}
export interface Scribes {
  /** Who is writing in a conversation, oneself left out. */
  writers(conversation: string): Readable<readonly Scribe[]>
  /**
   * I am writing here: call it at each key. It is said at once and then every few seconds. `none`: I have stopped; a message
   * says so by itself.
   */
  writing(conversation: string, what?: Writing | 'none'): void
}

interface Told {
  readonly conversation: string
  readonly user: string
  readonly what: Writing | 'none'
  readonly forMs: number
}
/** While it goes on it is said again so often, ms: well before the server takes it for ended. */
const againMs = 3_000

export function createScribes(api: ClientApi, options: PresenceOptions): Scribes {
  const {
    setTimeout: later = (run, ms) => setTimeout(run, ms),
    clearTimeout: cancel = (timer) => clearTimeout(timer),
    monotonic = () => performance.now(),
  } = options
  const places = new Map<string, { readonly list: Value<readonly Scribe[]>; readonly timers: Map<string, unknown> }>()
  const said = new Map<string, number>()

  function placeOf(conversation: string) {
    let place = places.get(conversation)
    if (!place) places.set(conversation, (place = { list: value<readonly Scribe[]>([]), timers: new Map() }))
    return place
  }
  function ends(conversation: string, user: string): void {
    const place = places.get(conversation)
    if (!place?.timers.has(user)) return
    cancel(place.timers.get(user) as never)
    place.timers.delete(user)
    place.list.set(place.list.get().filter((scribe) => scribe.user !== user))
  }
  api.on('presence.writes', ({ conversation, user, what, forMs }: Told) => {
    if (what === 'none') return ends(conversation, user)
    const { list, timers } = placeOf(conversation)
    cancel(timers.get(user) as never)
    timers.set(
      user,
      // Its end may be lost.
      later(() => ends(conversation, user), forMs + againMs),
    )
    const others = list.get().filter((scribe) => scribe.user !== user)
    list.set([...others, { user, what }])
  })
  api.on('message', ({ conversation, from }: { readonly conversation: string; readonly from: string }) => {
    ends(conversation, from)
    if (from === api.me.get()?.id) said.delete(conversation)
  })

  return {
    writers: (conversation) => placeOf(conversation).list,
    writing(conversation, what = 'typing') {
      const last = said.get(conversation)
      const now = monotonic()
      if (what === 'none' ? last === undefined : last !== undefined && now - last < againMs) return
      if (what === 'none') said.delete(conversation)
      else said.set(conversation, now)
      // It is a hint: nobody waits for it.
      api.call('presence.write', { conversation, what }).catch(() => undefined)
    },
  }
}
