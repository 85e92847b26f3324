import { keyOf } from '../record/history.js'
import { stored } from './evidence.js'
import type { Evidence } from './evidence.js'
import { violation } from './violation.js'
import type { Violation } from './violation.js'

/** I1: what was acknowledged is there, where the ack said, as it was sent. */
export function ackedSurvives(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  const conversations = stored(evidence)
  for (const { conversation, from, clientId, text, acks } of evidence.history.given.values()) {
    if (acks.length === 0) continue
    const entries = conversations.get(conversation)?.entries ?? []
    const key = keyOf(conversation, from, clientId)
    const entry = entries.find((each) => each.from === from && each.clientId === clientId)
    if (!entry) found.push(violation('I1', `${key} was acknowledged as ${acks[0]!.seq} and is not stored`, 'lost'))
    else if (entry.text !== text) found.push(violation('I1', `${key} is stored as another text`))
    else if (!acks.some(({ seq }) => seq === entry.seq)) {
      found.push(violation('I1', `${key} was acknowledged as ${acks[0]!.seq} and is stored as ${entry.seq}`))
    }
  }
  return found
}

/** I1: what was shown to somebody is there: nobody sees what was not committed. */
export function shownSurvives(evidence: Evidence): Violation[] {
  const conversations = stored(evidence)
  const found = new Map<string, Violation>()
  for (const { conversation, seq, from, clientId, text, at } of evidence.history.pushed) {
    const entry = conversations.get(conversation)?.entries[seq - 1]
    const same = entry?.from === from && entry.clientId === clientId && entry.text === text && entry.at === at
    const key = `${keyOf(conversation, from, clientId)} as ${seq}`
    if (!same) found.set(key, violation('I1', `${key} was delivered, and the store has something else there`))
  }
  return [...found.values()]
}

/** Every message that a device kept is stored in the end, and its app was told so. */
export function allSent(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  const conversations = stored(evidence)
  const present = new Set<string>()
  for (const [id, { entries }] of conversations) {
    for (const { from, clientId } of entries) present.add(keyOf(id, from, clientId))
  }
  for (const [key, given] of evidence.history.given) {
    const { mayBeLost, refusals, acks } = given
    if (refusals.length > 0) found.push(violation('all sent', `${key} was refused: ${refusals.join(', ')}`))
    else if (!present.has(key) && !mayBeLost && acks.length === 0) {
      found.push(violation('all sent', `${key} was given to a client and never arrived`))
    }
  }
  for (const { given, error, seq } of evidence.outcomes) {
    const key = keyOf(given.conversation, given.from, given.clientId)
    const entry = conversations.get(given.conversation)?.entries[(seq ?? 0) - 1]
    if (error) found.push(violation('all sent', `${key} failed in its app: ${error}`))
    else if (entry?.clientId !== given.clientId) {
      found.push(violation('I1', `${key} was confirmed to its app as ${seq}, and is not there`))
    }
  }
  return found
}
