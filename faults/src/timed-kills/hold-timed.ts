import type { Log, LogEntry } from '@natter/core/contract'
import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import type { TimedPerson } from './timed-person.js'

const pageSize = 500

async function allOf(log: Pick<Log, 'range'>, conversation: string): Promise<readonly LogEntry[]> {
  const all: LogEntry[] = []
  for (;;) {
    const from = (all.at(-1)?.seq ?? 0) + 1
    const page = await log.range(conversation, { from, to: Number.MAX_SAFE_INTEGER, limit: pageSize, bytes: 1e7 })
    if (page.length === 0) return all
    all.push(...page)
  }
}

/** Holds what is stored against what people were told of messages that are sent at a time, and that disappear. */
export async function holdTimed(log: Pick<Log, 'range'>, people: readonly TimedPerson[]) {
  const violations: Violation[] = []
  const figures = { planned: 0, refused: 0, sent: 0, called_off: 0, late: 0, passing: 0, expired: 0 }
  for (const person of people) {
    const [toSam, toTim] = [await allOf(log, person.sam), await allOf(log, person.tim)]
    for (const { id, text, state } of person.planned) {
      const sent = toSam.filter(({ body, clientId }) => clientId === id || body.includes(text)).length
      figures.planned++
      figures.sent += sent
      figures.refused += state === 'refused' ? 1 : 0
      figures.called_off += state === 'called off' ? 1 : 0
      figures.late += state === 'late' ? 1 : 0
      if (sent > 1) violations.push(violation('I2', `${id} was sent ${sent} times`, 'duplicated'))
      if (sent === 0 && (state === 'planned' || state === 'late'))
        violations.push(violation('I1', `${id} (${state}) was not sent at its time`, 'lost'))
      if (sent > 0 && state === 'called off') violations.push(violation('I1', `${id} was called off, and sent`))
    }
    const expired = toTim.flatMap(({ body }) => {
      const { what, of } = (body === '' ? {} : JSON.parse(body)) as { readonly what?: string; readonly of?: number }
      return what === 'expired' ? [of] : []
    })
    figures.expired += expired.length
    if (new Set(expired).size < expired.length)
      violations.push(violation('I2', `messages of ${person.user} disappeared twice`, 'duplicated'))
    for (const { id, text, acked } of person.passing) {
      const stored = toTim.filter(({ clientId }) => clientId === id)
      figures.passing++
      if (stored.length > 1) violations.push(violation('I2', `${id} is there ${stored.length} times`, 'duplicated'))
      if (acked && stored.length === 0)
        violations.push(violation('I1', `${id} was acknowledged, and is not there`, 'lost'))
      if (stored[0] && !expired.includes(stored[0].seq))
        violations.push(violation('I1', `nobody was told that ${id} disappeared`))
      if (toTim.some(({ body }) => body.includes(text)))
        violations.push(violation('I5', `what ${id} said is still there`))
    }
  }
  return { figures, violations }
}
