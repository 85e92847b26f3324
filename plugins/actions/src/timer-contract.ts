import { z } from 'zod'
import { body, command, field, model } from '@natter/core/contract'
import { id, ok } from '@natter/core/schema'

const leastMs = 10_000
const mostMs = 366 * 86_400_000

/**
 * From here on messages disappear so long after they were sent, ms; 0: they stay. Said by the system, on behalf of `by`. Those
 * that do have `expires` in their body, server time in ms.
 */
export const timerBody = body('timer', z.object({ by: id, afterMs: z.int().min(0) }))

/**
 * Lets messages of a conversation disappear so long after they are sent: 10 s to 366 days, 0 for not any more. It counts from
 * its place in the conversation on, for whoever writes. In groups it takes the permission `govern`.
 *
 * @throws NATTER_NOT_FOUND, ACTIONS_NOT_ALLOWED, and refusals of hooks
 */
export const setTimer = command('actions.setTimer', {
  idempotent: true,
  limit: { points: 30, windowMs: 60_000 },
  input: z.object({
    conversation: id,
    afterMs: z
      .int()
      .min(0)
      .max(mostMs)
      .refine((ms) => ms === 0 || ms >= leastMs, 'must be 0, or 10,000 at least'),
  }),
  output: ok,
})
/** After how long messages of a conversation disappear, ms; 0: they stay. @throws NATTER_NOT_FOUND */
export const timer = command('actions.timer', {
  idempotent: true,
  input: z.object({ conversation: id }),
  output: z.object({ afterMs: z.int() }),
})

/** What a conversation's timer is, and until that is in its log, who sets it and by which entry. */
export const timerRow = model('timer', {
  fields: {
    conversation: field.id(),
    afterMs: field.int(),
    version: field.int(),
    setter: field.id({ optional: true }),
    cause: field.id({ optional: true }),
    /** When who sets it is taken for dead. */
    wakeAt: field.time({ optional: true }),
  },
  key: ['conversation'],
  indexes: [['wakeAt'], ['setter']],
  personal: { setter: 'who is setting it, until the conversation says so' },
})

/** That a message disappears at a time, by the client id it is stored under. Written before the message, and gone with it. */
export const expiringRow = model('expiring', {
  fields: {
    conversation: field.id(),
    sender: field.id(),
    clientId: field.id(),
    at: field.time(),
    /** How often it was due and not there. */
    missed: field.int(),
  },
  key: ['conversation', 'sender', 'clientId'],
  indexes: [['at'], ['sender']],
  personal: { sender: 'who wrote what disappears' },
})
