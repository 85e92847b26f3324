import type { Kv } from '@natter/core/contract'
import { RoutedErrors } from './errors.js'

/** So far apart may the last beats of stores be that stopped together, ms: a few minutes of several processes. */
const tolerance = 10 * 60_000
const key = 'beat'

/** When it was, and when the last one was that went into all stores: where those stand that it has not come to yet. */
interface Beat {
  readonly at: number
  readonly before: number
}
interface Stand extends Beat {
  readonly name: string
}

const close = (a: number, b: number) => Math.abs(a - b) <= tolerance
/** Whether two stores stopped together, or while a beat was on its way from one to the other. */
const together = (a: Beat, b: Beat) => close(a.at, b.at) || close(a.before, b.at) || close(a.at, b.before)
const textOf = ({ at, before }: Beat) => `${at} ${before}`

function beatOf(text: string): Beat {
  const [at = Number.NaN, before = at] = text.split(' ').map(Number)
  return { at, before }
}

/**
 * A time that goes into all stores once a minute. Stores that ran together stand at the same one, or one beat apart; a store
 * that was restored alone stands at an earlier one than the others.
 */
export class Beats {
  readonly #notes: ReadonlyMap<string, Kv>
  /** A beat that is not in all stores yet. No later one begins before, so a store that is down stops the others' too. */
  #pending: number | undefined
  /** The last one that is in all. */
  #before: number | undefined

  constructor(notes: ReadonlyMap<string, Kv>) {
    this.#notes = notes
  }

  async beat(now: number): Promise<void> {
    const at = (this.#pending ??= now)
    const text = textOf({ at, before: this.#before ?? at })
    for (const kv of this.#notes.values()) await kv.set(key, text)
    this.#before = at
    this.#pending = undefined
  }

  /**
   * Whether the stores stopped together. `accept` names the beat of a store that may be older; those of `leave` are not
   * looked at. A beat that was broken off is brought to all of them.
   *
   * @throws STORAGE_ROUTED_APART
   */
  async check(accept: Readonly<Record<string, string>>, leave: ReadonlySet<string>): Promise<void> {
    const looked = [...this.#notes].filter(([name]) => !leave.has(name))
    const texts = await Promise.all(looked.map(async ([name, kv]) => ({ name, text: await kv.get(key) })))
    const stands = texts.flatMap(({ name, text }): Stand[] => {
      if (text === undefined) return []
      const beat = beatOf(text)
      return accept[name] === new Date(beat.at).toISOString() ? [] : [{ name, ...beat }]
    })
    for (const one of stands) {
      const other = stands.find((each) => !together(one, each))
      if (other) throw apart(one, other)
    }
    await this.#finish(stands)
  }

  async #finish(stands: readonly Stand[]): Promise<void> {
    // it has been to some already, and not to those where it says that they stand
    const broken = stands.find((one) => stands.some(({ at }) => !close(one.at, at) && close(one.before, at)))
    for (const { name, at } of stands) {
      if (broken && at !== broken.at) await this.#notes.get(name)!.set(key, textOf(broken))
    }
    this.#before = broken?.at ?? stands[0]?.at
  }
}

function apart(one: Stand, other: Stand): Error {
  const [oldest, newest] = one.at < other.at ? [one, other] : [other, one]
  const [then, now] = [new Date(oldest.at).toISOString(), new Date(newest.at).toISOString()]
  return RoutedErrors.APART({
    message:
      `"${oldest.name}" stands at ${then}, "${newest.name}" at ${now}: one of them was restored alone.\n` +
      `  Restore both from the same time. To go on with what there is: accept: { '${oldest.name}': '${then}' }.`,
  })
}
