import { z } from 'zod'

const day = 86_400_000

/** Configuration of `actions`. Times in ms. The descriptions make the table in `docs/configuration.md`. */
export const actionsConfig = z
  .object({
    editMs: z
      .int()
      .min(0)
      .max(366 * day)
      .default(2 * day)
      .describe('So long after it was sent a message may be edited by its author.'),
    deleteMs: z
      .int()
      .min(0)
      .max(366 * day)
      .default(2 * day)
      .describe('So long after it was sent a message may be deleted for all by its author.'),
    history: z
      .enum(['none', 'kept'])
      .default('none')
      .describe(
        'What becomes of what a message said before it was edited: gone, or kept for who may read the message, until it is deleted.',
      ),
    pins: z.int().min(0).max(200).default(50).describe('Pinned messages in one conversation.'),
    forwardTo: z.int().min(1).max(50).default(20).describe('To so many places one message is forwarded at once.'),
    forwardHops: z.int().min(1).max(100).default(20).describe('So often the same message is passed on.'),
    scheduled: z.int().min(1).max(500).default(100).describe('Messages that a person has waiting to be sent.'),
    scheduleMs: z
      .int()
      .min(60_000)
      .max(366 * day)
      .default(366 * day)
      .describe('So far ahead a message is scheduled at most.'),
    removed: z
      .int()
      .min(1)
      .max(10_000)
      .default(1_000)
      .describe('Messages of one conversation that a person deletes for themselves alone.'),
  })
  .prefault({})
