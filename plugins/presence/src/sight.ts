import type { Clock } from '@natter/core'
import type { Awaitable } from '@natter/core/contract'

export interface SightParts {
  readonly clock: Clock
  /** An answer is good for so long, ms. */
  readonly recheckMs: number
  /** The answer of the plugins; nothing where none has one. */
  readonly ask: (pair: { readonly viewer: string; readonly subject: string }) => Awaitable<boolean | undefined>
  /** With whom somebody talks. */
  readonly audience: (user: string) => Awaitable<readonly string[]>
}

/** Who may see whose presence. */
export class Sight {
  readonly #parts: SightParts
  /** With whom they talk, by person; good for a while. */
  readonly #audiences = new Map<string, { readonly at: number; readonly users: Promise<ReadonlySet<string>> }>()

  constructor(parts: SightParts) {
    this.#parts = parts
  }

  /** What fails hides. */
  async may(viewer: string, subject: string): Promise<boolean> {
    if (viewer === subject) return true
    const answer = await this.#parts.ask({ viewer, subject })
    if (answer !== undefined) return answer
    return (await this.#audienceOf(subject)).has(viewer)
  }

  /** Asks anew about somebody. */
  forget(user: string): void {
    this.#audiences.delete(user)
  }

  /** Drops what is too old to be used. */
  sweep(): void {
    const now = this.#parts.clock.monotonic()
    for (const [user, { at }] of this.#audiences) if (now - at >= this.#parts.recheckMs) this.#audiences.delete(user)
  }

  #audienceOf(user: string): Promise<ReadonlySet<string>> {
    const { clock, recheckMs, audience } = this.#parts
    const now = clock.monotonic()
    const known = this.#audiences.get(user)
    if (known && now - known.at < recheckMs) return known.users
    const users = Promise.resolve(audience(user)).then((list): ReadonlySet<string> => new Set(list))
    this.#audiences.set(user, { at: now, users })
    users.catch(() => this.#audiences.delete(user))
    return users
  }
}
