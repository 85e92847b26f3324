import { keyOf } from '../record/history.js'
import { stored } from './evidence.js'
import type { Evidence } from './evidence.js'
import { violation } from './violation.js'
import type { Violation } from './violation.js'

/** I2: one stored message per sender, conversation and client id, and only what somebody sent. */
export function storedOnce(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  for (const [id, { entries }] of stored(evidence)) {
    const seen = new Map<string, number>()
    for (const { seq, from, clientId } of entries) {
      const key = keyOf(id, from, clientId)
      const before = seen.get(key)
      if (before !== undefined) found.push(violation('I2', `${key} is stored as ${before} and as ${seq}`, 'duplicated'))
      else if (!evidence.history.given.has(key)) found.push(violation('I2', `${key} is stored, and nobody sent it`))
      seen.set(key, seq)
    }
  }
  return found
}

/** I2: every retry gets the original ack, and another body under a client id in use is a conflict. */
export function sameAck(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  for (const [key, { acks }] of evidence.history.given) {
    const different = new Set(acks.map(({ seq, at }) => `${seq} at ${at}`))
    if (different.size > 1) found.push(violation('I2', `${key} was acknowledged as ${[...different].join(' and as ')}`))
  }
  for (const { key, answer } of evidence.history.probes) {
    if (answer === 'a') found.push(violation('I2', `another body for ${key} was acknowledged`))
  }
  return found
}
