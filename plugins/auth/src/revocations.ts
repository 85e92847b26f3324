import type { AccessClaims } from './access-tokens.js'

/**
 * What ended lately, in memory: it decides over tickets and remembered tokens, which are not looked up in the database.
 * Entries are kept for as long as such a thing can live.
 */
export class Revocations {
  readonly #keepMs: number
  readonly #ended = new Map<string, number>()
  readonly #raised = new Map<
    string,
    { readonly version: number; readonly at: number; readonly kept: string | undefined }
  >()
  #trusted = false

  constructor(keepMs: number) {
    this.#keepMs = keepMs
  }

  /** Whether all that ended is known. Until then no ticket and no remembered token counts. */
  get trusted(): boolean {
    return this.#trusted
  }

  trust(known: boolean): void {
    this.#trusted = known
  }

  /** A session ended. True when that is news. */
  end(session: string, at: number): boolean {
    const news = !this.#ended.has(session)
    this.#ended.set(session, at)
    return news
  }

  /** Sessions of this user under an earlier version ended, but for the one kept. True when that is news. */
  raise(user: string, version: number, at: number, kept?: string): boolean {
    const known = this.#raised.get(user)
    if (known && known.version >= version) return false
    this.#raised.set(user, { version, at, kept })
    return true
  }

  /** The one session that went on when this user's version was raised. */
  keep(user: string, session: string): void {
    const raised = this.#raised.get(user)
    if (raised) this.#raised.set(user, { ...raised, kept: session })
  }

  covers({ user, session, version }: Pick<AccessClaims, 'user' | 'session' | 'version'>): boolean {
    return this.#ended.has(session) || version < (this.#raised.get(user)?.version ?? 0)
  }

  /** The version under which a session that goes on counts now, given the one it was opened under. */
  versionOf({ user, session, version }: Pick<AccessClaims, 'user' | 'session' | 'version'>): number {
    const raised = this.#raised.get(user)
    return raised?.kept === session ? Math.max(version, raised.version) : version
  }

  forgetOld(now: number): void {
    for (const [session, at] of this.#ended) if (at < now - this.#keepMs) this.#ended.delete(session)
    for (const [user, { at }] of this.#raised) if (at < now - this.#keepMs) this.#raised.delete(user)
  }
}
