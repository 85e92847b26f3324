import type { ClientApi } from './api/plugin.js'

/** How something of the server's is read and kept. */
export interface Followed {
  /**
   * Reads, and answers how to take what was read. It is not taken where it was forgotten meanwhile, but read again, and
   * likewise where taking answers `true`.
   */
  readonly read: () => Promise<() => boolean | void>
  /** Somebody else is here (`person`), or the store is another one (`reset`): what was read before says nothing any more. */
  readonly forget: (why: 'person' | 'reset') => void
}
/** What is followed, for those who hear that it changed. */
export interface Following {
  /** It may be another one by now: reads once more, and only once for all that is heard while it reads. */
  readonly again: () => void
  /** Whether an answer is on its way. */
  readonly reading: () => boolean
}

/**
 * Follows what the server keeps for whoever is logged in, in a plugin's client half: read on each connection, after a reset,
 * and when a plugin says `again`, one read at a time. A read that fails is left to the next connection.
 *
 * @example
 * const list = api.cell<readonly Poll[]>([])
 * const following = follow(api, {
 *   read: async () => {
 *     const { polls } = await api.ask('poll.list', {})
 *     return () => list.set(polls)
 *   },
 *   forget: () => list.set([]),
 * })
 * api.on('poll.changed', following.again)
 */
export function follow(api: ClientApi, { read, forget }: Followed): Following {
  let owner = api.me.get()?.id
  let forgotten = 0
  let reading = false
  let wanted = false
  let online = false

  async function pull(): Promise<void> {
    wanted = true
    if (reading) return
    reading = true
    try {
      while (wanted) {
        wanted = false
        const [times, who] = [forgotten, api.me.get()?.id]
        const take = await read()
        // That somebody else is here is heard a little later than it is so.
        const stale = times !== forgotten || who !== api.me.get()?.id
        if (stale || take() === true) wanted = true
      }
    } catch {
      // The client was closed, or the server has no such plugin: the next connection asks anew.
    } finally {
      reading = false
    }
  }
  function drop(why: 'person' | 'reset'): void {
    forgotten += 1
    forget(why)
  }

  api.me.subscribe(() => {
    const now = api.me.get()?.id
    if (now === owner) return
    owner = now
    drop('person')
  })
  api.status.subscribe(() => {
    const was = online
    online = api.status.get().link === 'online'
    if (online && !was) void pull()
  })
  api.on('reset', ({ conversation }: { readonly conversation: string | undefined }) => {
    if (conversation !== undefined) return
    drop('reset')
    void pull()
  })
  return { again: () => void pull(), reading: () => reading }
}
