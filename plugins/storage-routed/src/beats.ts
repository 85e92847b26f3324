import type { Kv } from '@natter/core/contract'
import { RoutedErrors } from './errors.js'

/** So far apart may the last beats of stores be that stopped together, ms: a few minutes of several processes. */
const tolerance = 10 * 60_000
const key = 'beat'

/**
 * A time that goes into all stores once a minute. Stores that ran together stand at the same one; a store that was restored
 * alone stands at an earlier one than the others.
 */
export class Beats {
  readonly #notes: ReadonlyMap<string, Kv>
  /** A beat that is not in all stores yet. No later one begins before, so a store that is down stops the others' too. */
  #pending: number | undefined

  constructor(notes: ReadonlyMap<string, Kv>) {
    this.#notes = notes
  }

  async beat(now: number): Promise<void> {
    const beat = (this.#pending ??= now)
    for (const kv of this.#notes.values()) await kv.set(key, String(beat))
    this.#pending = undefined
  }

  /**
   * Whether the stores stopped together. `accept` names the beat of a store that may be older; those of `leave` are not
   * looked at.
   *
   * @throws STORAGE_ROUTED_APART
   */
  async check(accept: Readonly<Record<string, string>>, leave: ReadonlySet<string>): Promise<void> {
    const looked = [...this.#notes].filter(([name]) => !leave.has(name))
    const texts = await Promise.all(looked.map(async ([name, kv]) => ({ name, text: await kv.get(key) })))
    const beats = texts.flatMap(({ name, text }) =>
      text === undefined || accept[name] === new Date(Number(text)).toISOString() ? [] : [{ name, at: Number(text) }],
    )
    const [newest, oldest] = [beats.toSorted((a, b) => b.at - a.at)[0], beats.toSorted((a, b) => a.at - b.at)[0]]
    if (!newest || !oldest || newest.at - oldest.at <= tolerance) return
    const [then, now] = [new Date(oldest.at).toISOString(), new Date(newest.at).toISOString()]
    throw RoutedErrors.APART({
      message:
        `"${oldest.name}" stands at ${then}, "${newest.name}" at ${now}: one of them was restored alone.\n` +
        `  Restore both from the same time. To go on with what there is: accept: { '${oldest.name}': '${then}' }.`,
    })
  }
}
