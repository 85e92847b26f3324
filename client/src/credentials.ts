import type { TokenSource } from './api/client.js'

export interface Credentials {
  /** What to present: the server's ticket while it counts, otherwise a token. Asked twice at once, the source is asked once. */
  present(): Promise<{ readonly token?: string | undefined; readonly ticket?: string }>
  /** Nobody waits for the token any more. */
  abandon(): void
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
  let byTicket = false
  let asking: Promise<string | undefined> | undefined
  // One per question: listeners that are added to its signal must not pile up.
  let abort: AbortController | undefined
  const ask = async (signal: AbortSignal) => (typeof source === 'function' ? source({ reason, signal }) : source)

  return {
    async present() {
      byTicket = ticket !== undefined && ticket.expiresAt > now()
      if (byTicket) return { ticket: ticket!.text }
      if (!asking) {
        const mine = (abort = new AbortController())
        asking = ask(mine.signal).finally(() => {
          if (abort === mine) asking = undefined
        })
      }
      return { token: await asking }
    },
    abandon() {
      abort?.abort()
      asking = undefined
    },
    accepted() {
      reason = 'expired'
    },
    refused() {
      if (byTicket) {
        ticket = undefined
        return true
      }
      if (typeof source !== 'function' || reason === 'rejected') return false
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
