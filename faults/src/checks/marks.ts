import type { MarkSeen } from '../record/history.js'
import { stored } from './evidence.js'
import type { Evidence } from './evidence.js'
import { violation } from './violation.js'
import type { Violation } from './violation.js'

/** The highest of what was told up to a moment. */
class Highest {
  readonly #ticks: number[] = []
  readonly #values: number[] = []

  add(tick: number, value: number): void {
    this.#ticks.push(tick)
    this.#values.push(Math.max(value, this.#values.at(-1) ?? 0))
  }

  before(tick: number): number {
    let low = 0
    let high = this.#ticks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#ticks[middle]! < tick) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : this.#values[low - 1]!
  }

  get last(): number {
    return this.#values.at(-1) ?? 0
  }
}

const of = <T>(map: Map<string, T>, key: string, make: () => T): T => {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** I7: marks never move back, not over restarts either, and 0 ≤ read ≤ received ≤ seq. */
export function marksMonotone(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  const known = new Map<string, { readonly read: Highest; readonly received: Highest }>()
  const place = ({ conversation, user }: Pick<MarkSeen, 'conversation' | 'user'>) =>
    of(known, `${user} in ${conversation}`, () => ({ read: new Highest(), received: new Highest() }))
  for (const seen of evidence.history.marks) {
    const { user, conversation, read, received, head, askedAt, tick } = seen
    const who = `${user} in ${conversation}`
    if (!(read >= 0 && read <= received && received <= (head ?? Infinity))) {
      found.push(violation('I7', `${who} stands at read ${read}, received ${received} of ${head ?? 'unknown'}`))
    }
    const highest = place(seen)
    for (const [name, value] of [
      ['read', read],
      ['received', received],
    ] as const) {
      const least = askedAt === undefined ? 0 : highest[name].before(askedAt)
      if (value < least) found.push(violation('I7', `${name} of ${who} was ${least} and is told as ${value}`))
      highest[name].add(tick, value)
    }
  }
  for (const [id, { members, head }] of stored(evidence)) {
    for (const { user, read, received } of members) {
      const { read: r, received: v } = place({ user, conversation: id })
      if (read < r.last || received < v.last || received > head || read > received) {
        found.push(violation('I7', `${user} in ${id} ends at ${read}/${received}, and was told ${r.last}/${v.last}`))
      }
    }
  }
  for (const view of evidence.views) found.push(...view.wrong.map((what) => violation('I7', what)))
  return found
}

/** I6: what was acknowledged before a question is in its answer. */
export function readYourWrites({ history }: Evidence): Violation[] {
  const found: Violation[] = []
  const acked = new Map<string, Highest>()
  const acks = [...history.given.values()].flatMap(({ conversation, acks }) =>
    acks.map(({ seq, tick }) => ({ conversation, seq, tick })),
  )
  for (const { conversation, seq, tick } of acks.sort((a, b) => a.tick - b.tick)) {
    of(acked, conversation, () => new Highest()).add(tick, seq)
  }
  for (const { conversation, head, askedAt } of history.heads) {
    const least = acked.get(conversation)?.before(askedAt) ?? 0
    if (head < least)
      found.push(violation('I6', `${conversation} was told to end at ${head} after ${least} was acknowledged`))
  }
  return found
}

/** What is unread is what came after the marks. */
export function unreadCounted(evidence: Evidence): Violation[] {
  const found: Violation[] = []
  for (const { user, conversations } of evidence.fetches) {
    for (const { id, n, unread, me, entries } of conversations.values()) {
      const upTo = Math.max(me.read, me.floor)
      const expected = n - (upTo === 0 ? 0 : (entries[upTo - 1]?.n ?? 0))
      if (unread !== expected) found.push(violation('I7', `${user} has ${unread} unread in ${id}, not ${expected}`))
    }
  }
  return found
}
