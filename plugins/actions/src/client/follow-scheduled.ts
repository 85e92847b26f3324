import { follow } from '@natter/client'
import type { ClientApi, Readable } from '@natter/client'
import type { OutputOf } from '@natter/core/contract'
import type * as contract from '../contract.js'

type Answer = OutputOf<(typeof contract.scheduled)['output']>

/** What `chat.actions` has of what is to be sent at a time. */
export interface OwnSchedule {
  /** My messages that are to be sent, and those that were refused, by their time. Followed from the first call on. */
  scheduledMessages(): Readable<Answer['scheduled']>
}

/** Follows what I have scheduled, on any device: whatever is heard of it, the list is read. */
export function followScheduled(api: ClientApi): OwnSchedule {
  let known: Readable<Answer['scheduled']> | undefined
  function begin(): Readable<Answer['scheduled']> {
    const cell = api.cell<Answer['scheduled']>([])
    const { again } = follow(api, {
      async read() {
        const { scheduled } = (await api.ask('actions.scheduled', {})) as Answer
        return () => cell.set(scheduled)
      },
      forget: () => cell.set([]),
    })
    api.on('actions.scheduledChanged', again)
    again()
    return cell
  }
  return { scheduledMessages: () => (known ??= begin()) }
}
