import type { Log, LogEntry } from '@natter/core/contract'
import type { Happening } from './contract.js'

/** An event where it stands in its group's log. */
export interface LoggedEvent {
  readonly seq: number
  readonly at: number
  readonly version: number
  readonly before: number
  readonly event: Happening
}

const pageSize = 500
const pageBytes = 262_144

/**
 * The events of a group above `after` and up to `head`, in order. Each names the one before it, so that of the messages
 * only those behind the newest event are gone through.
 */
export async function eventsBetween(
  log: Log,
  group: string,
  after: number,
  head: number,
): Promise<readonly LoggedEvent[]> {
  const events: LoggedEvent[] = []
  let to = head
  while (to > after) {
    const limit = events.length === 0 ? pageSize : 1
    const page = await log.range(group, { from: after + 1, to, limit, bytes: pageBytes, dir: 'desc' })
    if (page.length === 0) break
    const newest = page.map(eventOf).findLast((event) => event !== undefined)
    if (newest) events.push(newest)
    to = newest ? newest.before : page[0]!.seq - 1
  }
  return events.reverse()
}

/** Only what the system wrote is an event, whatever a body says. */
function eventOf({ from, body, seq, at }: LogEntry): LoggedEvent | undefined {
  if (from !== 'system' || body === '') return undefined
  const fields = JSON.parse(body) as { readonly type?: string } & Pick<LoggedEvent, 'event' | 'version' | 'before'>
  if (fields.type !== 'group') return undefined
  const { event, version, before } = fields
  return { seq, at, version, before, event }
}
