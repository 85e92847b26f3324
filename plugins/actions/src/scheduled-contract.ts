import { z } from 'zod'
import { command, event, field, model } from '@natter/core/contract'
import { id, ok, seq, time } from '@natter/core/schema'

const byHand = { idempotent: true, limit: { points: 120, windowMs: 60_000 } } as const
const body = z.record(z.string(), z.unknown())

/** A message that is to be sent at a time. */
const item = z.object({
  /** The client id that the message will have. */
  id,
  conversation: id,
  /** The other person, where it goes to the direct conversation with them. */
  peer: id.optional(),
  body,
  at: time,
  /** `sending` from its time on, until it is known what became of it. */
  state: z.enum(['waiting', 'sending', 'refused']),
  /** Why it was refused: the code of an error. */
  refused: z.string().optional(),
})
/** A message that is to be sent at a time. */
export type Scheduled = z.infer<typeof item>

/**
 * Sends a message of mine at a time in ms, which nobody else sees before. `id` is its client id: asked again under the same one
 * it is one message. It is judged now, and again by what is so then: a refusal stays in my list with its code.
 *
 * @throws NATTER_NOT_FOUND, NATTER_CONFLICT, ACTIONS_WHEN, ACTIONS_TOO_MANY, and refusals of hooks
 */
export const schedule = command('actions.schedule', {
  ...byHand,
  input: z.object({ to: z.union([id, z.object({ user: id })]), body, at: time, id }),
  output: z.object({ conversation: id }),
})

/** My messages that are to be sent, and those that were refused, by their time. */
export const scheduled = command('actions.scheduled', {
  idempotent: true,
  bulk: true,
  input: z.object({}),
  output: z.object({ scheduled: z.array(item) }),
})

/**
 * Gives a message of mine that is not sent yet another time, another body, or both; one that was refused waits again.
 *
 * @throws NATTER_NOT_FOUND also for one that was sent, ACTIONS_TOO_LATE while it is being sent, ACTIONS_WHEN, and refusals of
 * hooks
 */
export const reschedule = command('actions.reschedule', {
  ...byHand,
  input: z.object({ id, at: time.optional(), body: body.optional() }),
  output: ok,
})

/** Calls off a message of mine; asked again nothing happens. @throws ACTIONS_TOO_LATE for one that was sent, or is being sent */
export const unschedule = command('actions.unschedule', {
  ...byHand,
  input: z.object({ conversation: id, id }),
  output: ok,
})

/**
 * What became of a message of mine that was to be sent, on all of my devices. A hint: `scheduled` tells what there is, the
 * conversation what was sent.
 */
export const scheduledChanged = event(
  'actions.scheduledChanged',
  z.object({
    id,
    conversation: id,
    what: z.enum(['waiting', 'sent', 'refused', 'cancelled']),
    seq: seq.optional(),
    refused: z.string().optional(),
  }),
)

/** A message that is to be sent. Who has sent it removes it; of whom died over it, its client id makes one message. */
export const scheduledRow = model('scheduled', {
  fields: {
    user: field.id(),
    clientId: field.id(),
    conversation: field.id(),
    peer: field.id({ optional: true }),
    body: field.json(),
    at: field.time(),
    state: field.text({ max: 16 }),
    refused: field.text({ max: 64, optional: true }),
    /** When it is looked at: its time, or when who sends it is taken for dead. A refused one has none. */
    wakeAt: field.time({ optional: true }),
    version: field.int(),
  },
  key: ['user', 'clientId'],
  indexes: [['wakeAt'], ['at']],
  personal: { user: 'who wants to send', peer: 'to whom', body: 'what they want to say' },
})
