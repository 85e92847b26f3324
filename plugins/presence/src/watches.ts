import type { Clock, Connection, Timer } from '@natter/core'
import type { PersonPresence } from './contract.js'
import { unseen } from './person-view.js'
import type { Sight } from './sight.js'

/** What a connection was told it may see, and when that was asked, in monotonic ms. */
interface Watch {
  allowed: boolean
  at: number
}
export interface WatchParts {
  readonly clock: Clock
  readonly sight: Sight
  readonly deltaMs: number
  readonly recheckMs: number
  /** How people look, in the order asked for. */
  readonly look: (users: readonly string[]) => Promise<readonly PersonPresence[]>
  readonly push: (connection: Connection, people: readonly PersonPresence[]) => void
  readonly failed: (error: unknown) => void
}

/**
 * Who watches whom, and what they are told: a change goes out with all others of the same second, in one frame per
 * connection, and not at all where the person looks as before.
 */
export class Watches {
  readonly #parts: WatchParts
  readonly #bySubject = new Map<string, Map<Connection, Watch>>()
  readonly #byConnection = new Map<Connection, ReadonlySet<string>>()
  /** How each who is watched looked when that was told last. */
  readonly #told = new Map<string, string>()
  readonly #changed = new Set<string>()
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
    this.#timer ??= this.#parts.clock.after(this.#parts.deltaMs, () => void this.#flush())
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
    this.#changed.clear()
    this.#timer = undefined
    try {
      const batches = new Map<Connection, PersonPresence[]>()
      for (const view of await this.#parts.look(users)) await this.#spread(view, batches)
      for (const [connection, people] of batches) this.#parts.push(connection, people)
    } catch (error) {
      this.#parts.failed(error)
      for (const user of users) this.touch(user)
    }
  }

  async #spread(view: PersonPresence, batches: Map<Connection, PersonPresence[]>): Promise<void> {
    const { user } = view
    const text = JSON.stringify(view)
    const watchers = this.#bySubject.get(user)
    if (!watchers || this.#told.get(user) === text) return
    for (const [connection, watch] of [...watchers]) {
      if (!(await this.#current(connection, user, watch))) continue
      const batch = batches.get(connection)
      if (batch) batch.push(view)
      else batches.set(connection, [view])
    }
    this.#told.set(user, text)
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
    const { clock, sight, look, push } = this.#parts
    const allowed = await sight.may(viewer, subject)
    const [view] = allowed ? await look([subject]) : [unseen(subject)]
    for (const [connection, watch] of watching) {
      const before = watch.allowed
      Object.assign(watch, { allowed, at: clock.monotonic() })
      if (before !== allowed) push(connection, [view!])
    }
  }
}
