import { body, command, defineErrors, event } from '@natter/core/contract'
import type { Schema } from '@natter/core/contract'

/** A schema of plain types, so that this contract needs no library. */
const of = <T>(): Schema<T> => ({
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
})
interface Tally {
  readonly poll: string
  readonly counts: readonly number[]
}

export const pollVote = command('poll.vote', { input: of<{ poll: string; option: number }>(), output: of<Tally>() })
export const create = command('poll.create', {
  input: of<{ with: string; options: readonly string[] }>(),
  output: of<{ id: string }>(),
})
export const tally = command('poll.tally', { idempotent: true, input: of<{ poll: string }>(), output: of<Tally>() })
export const changed = event('poll.changed', of<Tally>())
export const pollBody = body('poll', of<{ question: string; options: readonly string[]; closed?: boolean }>())
export const PollErrors = defineErrors('POLL', {
  CLOSED: { status: 409, message: 'This poll is closed.' },
  TOO_MANY: { status: 422, message: 'Too many options.' },
})
