import { NatterErrors } from '@natter/core'
import { FriendsErrors } from './contract.js'
import type { Seen } from './seen.js'

/** What becomes of two people by one act of the person who sees them; nothing where it is so already. */
export type Step = (seen: Seen) => Seen | undefined

const over = { note: undefined, expiresAt: undefined } as const

/** A request where it is `welcome`, or the taking of one that the other has made. */
export const ask =
  (now: number, welcome: boolean, note: string | undefined, lifeMs: number): Step =>
  (seen) => {
    if (seen.blocks !== undefined) throw FriendsErrors.YOU_BLOCKED()
    if (seen.blocked !== undefined) throw NatterErrors.NOT_AVAILABLE()
    if (seen.is === 'incoming') return befriended(seen, now)
    if (seen.is !== 'none') return undefined
    if (!welcome) throw NatterErrors.NOT_AVAILABLE()
    return { ...seen, is: 'outgoing', at: now, note: note || undefined, expiresAt: now + lifeMs, refused: undefined }
  }

export const accept =
  (now: number): Step =>
  (seen) => {
    if (seen.is === 'friend') return undefined
    if (seen.is !== 'incoming') throw NatterErrors.NOT_FOUND()
    return befriended(seen, now)
  }

const befriended = (seen: Seen, now: number): Seen => ({
  ...seen,
  ...over,
  is: 'friend',
  at: now,
  refused: undefined,
  refuses: undefined,
})

export const reject =
  (now: number): Step =>
  (seen) =>
    seen.is === 'incoming' ? { ...seen, ...over, is: 'none', at: now, refuses: now } : undefined

export const cancel =
  (now: number): Step =>
  (seen) =>
    seen.is === 'outgoing' ? { ...seen, ...over, is: 'none', at: now } : undefined

export const remove =
  (now: number): Step =>
  (seen) =>
    seen.is === 'friend' ? { ...seen, is: 'none', at: now, lets: false } : undefined

export const block =
  (now: number): Step =>
  (seen) =>
    seen.blocks === undefined ? { ...seen, ...over, is: 'none', at: now, blocks: now, lets: false } : undefined

export const unblock: Step = (seen) => (seen.blocks === undefined ? undefined : { ...seen, blocks: undefined })

/** I wrote to them: they may answer. */
export const letAnswer: Step = (seen) => (seen.lets || seen.blocks !== undefined ? undefined : { ...seen, lets: true })

export const expire =
  (now: number): Step =>
  (seen) =>
    seen.expiresAt !== undefined && seen.expiresAt <= now ? { ...seen, ...over, is: 'none', at: now } : undefined
