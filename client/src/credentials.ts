import type { TokenSource } from './api/client.js'

export interface Credentials {
  /** What to present: the server's ticket while it counts, otherwise a token. Asked twice at once, the source is asked once. */
  present(signal: AbortSignal): Promise<{ readonly token?: string; readonly ticket?: string }>
  /** They were accepted. */
  accepted(): void
  /** They were refused. False: there is nothing else to present. */
  refused(): boolean
  /** A ticket, and until when it counts by this device's clock. */
  keep(ticket: string, expiresAt: number): void
  forget(): void
}

export function createCredentials(source: string | TokenSource | undefined, now: () => number): Credentials {
  let ticket: { readonly text: string; readonly expiresAt: number } | undefined
  let reason: 'initial' | 'expired' | 'rejected' = 'initial'
  let presented: 'ticket' | 'token' | undefined
  let asking: Promise<string> | undefined
  const ask = async (from: string | TokenSource, signal: AbortSignal) =>
    typeof from === 'string' ? from : from({ reason, signal })

  return {
    async present(signal) {
      if (ticket && ticket.expiresAt > now()) {
        presented = 'ticket'
        return { ticket: ticket.text }
      }
      if (source === undefined) return {}
      if (!asking) {
        const mine = ask(source, signal)
        const done = () => {
          if (asking === mine) asking = undefined
        }
        asking = mine
        mine.then(done, done)
        signal.addEventListener('abort', done)
      }
      const token = await asking
      presented = 'token'
      return { token }
    },
    accepted() {
      reason = 'expired'
    },
    refused() {
      const last = presented
      presented = undefined
      if (last === 'ticket') {
        ticket = undefined
        return true
      }
      if (last !== 'token' || typeof source !== 'function' || reason === 'rejected') return false
      reason = 'rejected'
      return true
    },
    keep(text, expiresAt) {
      ticket = { text, expiresAt }
    },
    forget() {
      ticket = undefined
      reason = 'initial'
    },
  }
}
