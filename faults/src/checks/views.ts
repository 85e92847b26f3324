import type { Stream } from '../people/view.js'
import { stored } from './evidence.js'
import type { Evidence } from './evidence.js'
import { violation } from './violation.js'
import type { Violation } from './violation.js'

/** I4: what every client gave to its app is each message once, in order, as a fresh fetch gives it. */
export function viewsExact(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  const conversations = stored(evidence)
  for (const view of evidence.views) {
    for (const stream of view.streams) {
      // What was taken back because the store is an older one is not what this one has.
      if (stream.ended && evidence.restored) continue
      const entries = conversations.get(stream.conversation)?.entries ?? []
      const wrong = firstWrong(stream, (seq) => entries[seq - 1])
      if (wrong) found.push(violation('I4', `${view.device} was given of ${stream.conversation} ${wrong}`))
      const head = entries.length
      const last = stream.shown.at(-1)?.seq ?? 0
      if (evidence.last.has(view) && !stream.ended && last < head && !wrong) {
        found.push(violation('I4', `${view.device} was given ${stream.conversation} up to ${last} of ${head}`))
      }
    }
    for (const { code, message } of view.problems) {
      if (code === 'NATTER_INTERNAL') found.push(violation('I4', `${view.device} says: ${message}`))
    }
  }
  return found
}

interface Entry {
  readonly from: string
  readonly clientId: string
  readonly text: string
}

function firstWrong({ shown, gaps }: Stream, stored: (seq: number) => Entry | undefined): string | undefined {
  let expected: number | undefined
  for (const message of shown) {
    const gap = gaps.find(([from]) => from === expected)
    if (gap) expected = gap[1] + 1
    if (expected !== undefined && message.seq !== expected) return `${message.seq} where ${expected} should be`
    const entry = stored(message.seq)
    if (!entry) return `${message.seq}, which is not stored`
    if (entry.from !== message.from || entry.clientId !== message.clientId || entry.text !== message.text) {
      return `${message.from}/${message.clientId} as ${message.seq}, where the store has ${entry.from}/${entry.clientId}`
    }
    expected = message.seq + 1
  }
  return undefined
}

/** I4: what every client shows at the end equals a fresh fetch. */
export function screensExact(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  const conversations = stored(evidence)
  for (const { device, conversation, shown } of evidence.screens) {
    const entries = conversations.get(conversation)?.entries ?? []
    const length = Math.max(shown.length, entries.length)
    for (let place = 0; place < length; place++) {
      const [here, there] = [shown[place], entries[place]]
      const { seq, from, clientId, text, at } = there ?? { seq: 0 }
      if (JSON.stringify(here) === JSON.stringify({ seq, from, clientId, at, text })) continue
      found.push(
        violation('I4', `${device} shows ${conversation} differently from a fresh fetch at ${place + 1} of ${length}`),
      )
      break
    }
  }
  return found
}

/** A sync by the newest cursor gives nothing when nothing changed: the cursor does not move back. */
export function cursorsHold(evidence: Evidence): Violation[] {
  return evidence.fetches
    .filter(({ unchanged }) => unchanged.length > 0)
    .map(({ user, unchanged }) =>
      violation('I4', `the newest cursor of ${user} gives ${unchanged.length} conversations again`),
    )
}
