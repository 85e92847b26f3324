import type { AuthSession } from '@natter/auth/client'
import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'

/** The ways to log in that the server offers beside the password. */
export type Ways = Awaited<ReturnType<AuthSession['ways']>>

export interface KnownWays {
  readonly offered: ReadonlySignal<Ways>
  /** Asks the server, once it could be asked. Without an answer there is the password. */
  ask(): Promise<void>
}

export function knownWays(session: Pick<AuthSession, 'ways'>): KnownWays {
  const offered = signal<Ways>({ methods: [], providers: [] })
  let asked: Promise<void> | undefined
  return {
    offered,
    ask() {
      asked ??= session.ways().then(
        (ways) => void (offered.value = ways),
        () => (asked = undefined),
      )
      return asked
    },
  }
}
