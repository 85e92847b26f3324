import { keyOf } from '../record/history.js'
import type { Given } from '../record/history.js'
import { stored } from './evidence.js'
import type { Evidence } from './evidence.js'
import { violation } from './violation.js'
import type { Violation } from './violation.js'

/** I3: dense from 1, counted, and its times do not go back. */
export function dense(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  for (const [id, { entries, head }] of stored(evidence)) {
    let expected = 1
    let before = 0
    for (const { seq, n, at } of entries) {
      if (seq !== expected) found.push(violation('I3', `${id} has ${seq} where ${expected} should be`, 'gap'))
      if (n !== seq) found.push(violation('I3', `${id} counts ${n} messages up to ${seq}`))
      if (at < before) found.push(violation('I3', `${id} has at ${seq} a time before that of the entry before`))
      expected = seq + 1
      before = at
    }
    if (head !== expected - 1) found.push(violation('I3', `${id} names ${head} as its newest, and has ${expected - 1}`))
  }
  return found
}

/** I3: the same for everyone. */
export function sameForAll(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  const conversations = stored(evidence)
  for (const { user, conversations: own } of evidence.fetches) {
    for (const [id, { entries }] of own) {
      if (JSON.stringify(entries) !== JSON.stringify(conversations.get(id)!.entries)) {
        found.push(violation('I3', `${user} fetches ${id} differently from others`))
      }
    }
  }
  return found
}

/** I3: a send begun after another's ack comes after it; a device's sends keep their order. */
export function orderHolds(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  const byConversation = new Map<string, Given[]>()
  for (const given of evidence.history.given.values()) {
    if (given.acks.length === 0 || given.sentAt === undefined) continue
    const list = byConversation.get(given.conversation)
    if (list) list.push(given)
    else byConversation.set(given.conversation, [given])
  }
  for (const list of byConversation.values()) {
    found.push(...realTime(list), ...lanes(list))
  }
  return found
}

const seqOf = (given: Given) => given.acks[0]!.seq
const name = ({ conversation, from, clientId }: Given) => keyOf(conversation, from, clientId)

function realTime(list: readonly Given[]): Violation[] {
  const found: Violation[] = []
  const begun = [...list].sort((a, b) => a.sentAt! - b.sentAt!)
  const acked = [...list].sort((a, b) => a.acks[0]!.tick - b.acks[0]!.tick)
  let next = 0
  let highest: Given | undefined
  for (const given of begun) {
    for (let ack = acked[next]; ack && ack.acks[0]!.tick < given.sentAt!; ack = acked[++next]) {
      if (!highest || seqOf(ack) > seqOf(highest)) highest = ack
    }
    if (highest && seqOf(given) < seqOf(highest)) {
      found.push(
        violation(
          'I3',
          `${name(given)} (${seqOf(given)}) was begun after the ack of ${name(highest)} (${seqOf(highest)})`,
        ),
      )
    }
  }
  return found
}

function lanes(list: readonly Given[]): Violation[] {
  const found: Violation[] = []
  const last = new Map<string, Given>()
  for (const given of [...list].sort((a, b) => seqOf(a) - seqOf(b))) {
    if (given.lane === undefined) continue
    const before = last.get(given.lane)
    if (before && before.place > given.place) {
      found.push(violation('I3', `${name(before)} was given after ${name(given)} and has a lower seq`))
    }
    last.set(given.lane, given)
  }
  return found
}
