import { createHmac } from 'node:crypto'
import type { DerivedKey, Principal } from '@natter/core'
import { sameText } from './digest.js'

/** A device in a session, as a token or a ticket tells it. */
export interface Credentials extends Principal {
  /** The account's version under which the session counts. */
  readonly version: number
  /** End of the session, ms. */
  readonly sessionExpiresAt: number
}

/**
 * Tickets let a device back in after a restart for the price of an HMAC:
 * `<kid>~<user>~<device>~<session>~<version>~<end of session>~<expiry>~<MAC>`, numbers in base 36, times in seconds, and
 * the first 128 bits of HMAC-SHA-256 (RFC 2104 §5) over what is before it.
 */
export interface Tickets {
  issue(credentials: Credentials, now: number): Ticket
  /** Who it lets in; nothing when it is not ours or has expired. Whether the session was revoked is for the caller. */
  read(ticket: string, now: number): (Credentials & Pick<Ticket, 'ticketExpiresAt'>) | undefined
  /** Whether it can be given out once more: made with the current key, and less than half of its life is over. */
  young(ticket: Ticket, now: number): boolean
}
export interface Ticket {
  readonly ticket: string
  readonly ticketExpiresAt: number
}

export function tickets(keys: readonly DerivedKey[], lifeMs: number): Tickets {
  const byKid = new Map(keys.map((key) => [encodeURIComponent(key.kid), key.key]))
  const [kid, current] = [...byKid][0]!
  return {
    issue({ user, device, session, version, sessionExpiresAt }, now) {
      const expires = Math.floor(Math.min(now + lifeMs, sessionExpiresAt) / 1000)
      const ends = Math.floor(sessionExpiresAt / 1000)
      const text = [kid, user, device, session, ...[version, ends, expires].map((n) => n.toString(36))].join('~')
      return { ticket: `${text}~${mac(current, text)}`, ticketExpiresAt: expires * 1000 }
    },
    read(ticket, now) {
      const cut = ticket.lastIndexOf('~')
      const text = ticket.slice(0, cut)
      const [named, user, device, session, ...numbers] = text.split('~')
      const key = byKid.get(named ?? '')
      if (!key || !user || !device || !session || !sameText(mac(key, text), ticket.slice(cut + 1))) return undefined
      const [version, ends, expires] = numbers.map((text) => Number.parseInt(text, 36))
      if (version === undefined || ends === undefined || expires === undefined) return undefined
      if (now >= expires * 1000) return undefined
      return { user, device, session, version, sessionExpiresAt: ends * 1000, ticketExpiresAt: expires * 1000 }
    },
    young({ ticket, ticketExpiresAt }, now) {
      const left = ticketExpiresAt - now
      // More than a whole life is left only where the clock was set back.
      return left > lifeMs / 2 && left <= lifeMs && ticket.startsWith(`${kid}~`)
    },
  }
}

const mac = (key: Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64url')
