import type { Clock, Connection, Timer } from '@natter/core'
import type { PersonPresence } from './contract.js'
import { unseen } from './person-view.js'
import type { Sight } from './sight.js'

/** What a connection was told it may see, and when that was asked, in monotonic ms. */
interface Watch {
  allowed: boolean
  at: number
}
/** Of whom each connection is told at once. */
type Batches = Map<Connection, Set<string>>

/** A server that is behind puts changes off for so many times `deltaMs`. */
const patience = 10
/** So long one after the other is told before others have their turn, ms. */
const turnMs = 10
export interface WatchParts {
  readonly clock: Clock
  readonly sight: Sight
  readonly deltaMs: number
  readonly recheckMs: number
  /** How people look, in the order asked for. */
  readonly look: (users: readonly string[]) => Promise<readonly PersonPresence[]>
  /** False: it did not get through, and is to be told again. */
  readonly push: (connection: Connection, people: readonly PersonPresence[]) => boolean
  /** The server has more to do than it can: what can wait should. */
  readonly behind: () => boolean
  readonly failed: (error: unknown) => void
}

/**
 * Who watches whom, and what they are told: a change goes out with all others of the same second, in one frame per
 * connection, and not at all where the person looks as before. A server that has too much to do tells it later, and who reads
 * slowly is told once they have caught up, how it is then.
 */
export class Watches {
  readonly #parts: WatchParts
  readonly #bySubject = new Map<string, Map<Connection, Watch>>()
  readonly #byConnection = new Map<Connection, ReadonlySet<string>>()
  /** How each who is watched looked when that was told last. */
  readonly #told = new Map<string, string>()
  readonly #changed = new Set<string>()
  /** Of whom a connection was not told because it reads slowly. */
  readonly #owed = new Map<Connection, Set<string>>()
  /** Kept while it is told: what changes meanwhile goes out after it. */
  #timer: Timer | undefined

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** Replaces what a connection watches, and tells how all of them look. */
  async watch(connection: Connection, users: readonly string[]): Promise<readonly PersonPresence[]> {
    const subjects = [...new Set(users)]
    const { sight } = this.#parts
    const allowed = await Promise.all(subjects.map((subject) => sight.may(connection.user, subject)))
    // Registered before it is looked, so that what changes in between is told.
    this.#replace(connection, subjects, allowed)
    const seen = await this.#parts.look(subjects.filter((_, i) => allowed[i]))
    const views = new Map(seen.map((view) => [view.user, view]))
    for (const view of seen) if (!this.#told.has(view.user)) this.#told.set(view.user, JSON.stringify(view))
    return subjects.map((subject) => views.get(subject) ?? unseen(subject))
  }

  /** Somebody may look different now. */
  touch(user: string): void {
    if (!this.#bySubject.has(user)) return
    this.#changed.add(user)
    this.#timer ??= this.#later(0)
  }

  #later(waited: number): Timer {
    const { clock, deltaMs, behind } = this.#parts
    return clock.after(deltaMs, () => {
      if (waited < patience && behind()) this.#timer = this.#later(waited + 1)
      else void this.#flush()
    })
  }

  /** Asks anew what these two may see of each other, or all of one, and tells what has changed by it, at once. */
  async reconsider(one: string, other?: string): Promise<void> {
    if (other !== undefined) await Promise.all([this.#ask(one, other), this.#ask(other, one)])
    else {
      const viewers = new Set([...(this.#bySubject.get(one)?.keys() ?? [])].map(({ user }) => user))
      await Promise.all([...viewers].map((viewer) => this.#ask(viewer, one)))
    }
  }

  gone(connection: Connection): void {
    this.#replace(connection, [], [])
    this.#byConnection.delete(connection)
    this.#owed.delete(connection)
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #replace(connection: Connection, subjects: readonly string[], allowed: readonly boolean[]): void {
    for (const subject of this.#byConnection.get(connection) ?? []) {
      const watchers = this.#bySubject.get(subject)
      watchers?.delete(connection)
      if (watchers?.size !== 0) continue
      this.#bySubject.delete(subject)
      this.#told.delete(subject)
      this.#changed.delete(subject)
    }
    // It may have gone while it was asked for.
    if (!connection.open) return
    const at = this.#parts.clock.monotonic()
    for (const [i, subject] of subjects.entries()) {
      const watchers = this.#bySubject.get(subject)
      const watch = { allowed: allowed[i]!, at }
      if (watchers) watchers.set(connection, watch)
      else this.#bySubject.set(subject, new Map([[connection, watch]]))
    }
    this.#byConnection.set(connection, new Set(subjects))
  }

  async #flush(): Promise<void> {
    const users = [...this.#changed]
    const owed = [...this.#owed]
    this.#changed.clear()
    this.#owed.clear()
    try {
      const all = new Set([...users, ...owed.flatMap(([, subjects]) => [...subjects])])
      const views = new Map((await this.#parts.look([...all])).map((view) => [view.user, view]))
      const batches: Batches = new Map()
      const pause = this.#pauses()
      for (const user of users) {
        await this.#spread(views.get(user)!, batches)
        await pause()
      }
      for (const [connection, subjects] of owed) await this.#again(connection, subjects, batches)
      for (const [connection, subjects] of batches) {
        this.#push(connection, this.#seenBy(connection, subjects, views))
        await pause()
      }
    } catch (error) {
      this.#parts.failed(error)
      for (const user of users) if (this.#bySubject.has(user)) this.#changed.add(user)
      for (const [connection, subjects] of owed) this.#owe(connection, subjects)
    }
    this.#timer = this.#changed.size + this.#owed.size > 0 ? this.#later(0) : undefined
  }

  /** Lets others have their turn when it is time for that. */
  #pauses(): () => Promise<void> | undefined {
    const { clock } = this.#parts
    let began = clock.monotonic()
    return () => {
      if (clock.monotonic() - began < turnMs) return undefined
      return new Promise<void>((resolve) => setImmediate(resolve)).then(() => void (began = clock.monotonic()))
    }
  }

  async #spread(view: PersonPresence, batches: Batches): Promise<void> {
    const { user } = view
    const text = JSON.stringify(view)
    const watchers = this.#bySubject.get(user)
    if (!watchers || this.#told.get(user) === text) return
    for (const [connection, watch] of [...watchers]) {
      if (await this.#current(connection, user, watch)) add(batches, connection, user)
    }
    this.#told.set(user, text)
  }

  /** What did not get through, as it is now. */
  async #again(connection: Connection, subjects: ReadonlySet<string>, batches: Batches): Promise<void> {
    for (const subject of subjects) {
      const watch = this.#bySubject.get(subject)?.get(connection)
      if (!watch) continue
      await this.#current(connection, subject, watch)
      add(batches, connection, subject)
    }
  }

  /** By what they may see at this moment: others had their turn since it was asked. */
  #seenBy(
    connection: Connection,
    subjects: ReadonlySet<string>,
    views: ReadonlyMap<string, PersonPresence>,
  ): readonly PersonPresence[] {
    return [...subjects].flatMap((subject) => {
      const watch = this.#bySubject.get(subject)?.get(connection)
      if (!watch) return []
      return watch.allowed ? views.get(subject)! : unseen(subject)
    })
  }

  #push(connection: Connection, people: readonly PersonPresence[]): void {
    if (people.length === 0 || this.#parts.push(connection, people)) return
    this.#owe(
      connection,
      people.map(({ user }) => user),
    )
  }

  /** Nothing to who has gone. */
  #owe(connection: Connection, subjects: Iterable<string>): void {
    if (!this.#byConnection.has(connection)) return
    this.#owed.set(connection, new Set([...(this.#owed.get(connection) ?? []), ...subjects]))
    this.#timer ??= this.#later(0)
  }

  async #current({ user: viewer }: Connection, subject: string, watch: Watch): Promise<boolean> {
    const { clock, recheckMs, sight } = this.#parts
    const now = clock.monotonic()
    if (now - watch.at >= recheckMs) Object.assign(watch, { allowed: await sight.may(viewer, subject), at: now })
    return watch.allowed
  }

  async #ask(viewer: string, subject: string): Promise<void> {
    const watching = [...(this.#bySubject.get(subject) ?? [])].filter(([{ user }]) => user === viewer)
    if (watching.length === 0) return
    const { clock, sight, look } = this.#parts
    const allowed = await sight.may(viewer, subject)
    const [view] = allowed ? await look([subject]) : [unseen(subject)]
    for (const [connection, watch] of watching) {
      const before = watch.allowed
      Object.assign(watch, { allowed, at: clock.monotonic() })
      if (before !== allowed) this.#push(connection, [view!])
    }
  }
}

function add(batches: Batches, connection: Connection, subject: string): void {
  const batch = batches.get(connection)
  if (batch) batch.add(subject)
  else batches.set(connection, new Set([subject]))
}
