/** `@natter/actions/client`: typed calls, and messages as they are with all that was done to them. */
import { clientPlugin } from '@natter/client'
import type { ClientApi } from '@natter/client'
import type * as contract from './contract.js'
import { followActs } from './client/follow-acts.js'
import type { OwnActs } from './client/follow-acts.js'
import { followScheduled } from './client/follow-scheduled.js'
import type { OwnSchedule } from './client/follow-scheduled.js'

export type { EntryNow, Scheduled } from './contract.js'
export type { ActedMessage, Quoted } from './client/acted.js'
export type { OwnActs } from './client/follow-acts.js'
export type { OwnSchedule } from './client/follow-scheduled.js'

/**
 * `chat.actions.react({ conversation, seq, emoji })` and the other calls. A reply is a message:
 * `conversation.send({ type: 'reply', to: seq, text })`. `chat.actions.acted(messages)` is what to show of messages.
 *
 * @example
 * const chat = createClient({ url, token, plugins: [actions()] })
 * const { messages } = chat.conversation(id)
 * messages.subscribe(() => render(chat.actions.acted(messages.get())))
 */
export const actions = clientPlugin<typeof contract>('actions', {
  edit: 'idempotent',
  deleteForAll: 'idempotent',
  remove: 'idempotent',
  removals: 'idempotent',
  react: 'idempotent',
  unreact: 'idempotent',
  pin: 'idempotent',
  unpin: 'idempotent',
  pins: 'idempotent',
  vote: 'idempotent',
  ballot: 'idempotent',
  closePoll: 'idempotent',
  forward: 'idempotent',
  entries: 'idempotent',
  thread: 'idempotent',
  editions: 'idempotent',
  schedule: 'idempotent',
  scheduled: 'idempotent',
  reschedule: 'idempotent',
  unschedule: 'idempotent',
  setTimer: 'idempotent',
  timer: 'idempotent',
}).with((api: ClientApi): OwnActs & OwnSchedule => ({ ...followActs(api), ...followScheduled(api) }))
