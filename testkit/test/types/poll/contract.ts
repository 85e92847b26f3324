import { z } from 'zod'
import { body, command, defineErrors, event, field, model } from '@natter/core/contract'
import { id, messageId, ok } from '@natter/core/schema'

const tally = z.object({ poll: messageId, counts: z.array(z.int()) })

export const vote = command('poll.vote', {
  input: z.object({ poll: messageId, option: z.int().min(0).max(9) }),
  output: tally,
})
export const create = command('poll.create', {
  input: z.object({ with: id, options: z.array(z.string()).min(2), question: z.string().default('?') }),
  output: z.object({ id: messageId }),
})
export const pollClose = command('poll.close', { idempotent: true, input: z.object({ id: messageId }), output: ok })
export const changed = event('poll.changed', tally)
export const pollBody = body(
  'poll',
  z.object({ question: z.string(), options: z.array(z.string()).min(2), closed: z.boolean().default(false) }),
)
export const PollErrors = defineErrors('POLL', {
  CLOSED: { status: 409, message: 'This poll is closed.' },
  TOO_MANY: { status: 422, message: 'Too many options.' },
})
export const ballot = model('ballot', {
  fields: {
    poll: field.text({ max: 90 }),
    user: field.id(),
    option: field.int(),
    note: field.text({ optional: true, max: 200 }),
    weight: field.int({ optional: true }),
  },
  key: ['poll', 'user'],
  indexes: [['poll', 'option', 'user'], ['user']],
})
