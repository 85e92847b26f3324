import type { OwnedModel, Storage } from '@natter/core/contract'
import type { Suite, SuiteContext } from './suite.js'
import { numbers } from './suite.js'

/** Callers that meet. `name` is free to call a plugin, a conversation or a key space by. */
export interface Race {
  readonly title: string
  run(t: SuiteContext, stores: readonly [Storage, Storage], name: string): Promise<void>
}

/** Runs each race by itself on one store, and all of them on the hardest pair of stores that the backend claims. */
export function runRaces(
  suite: Suite,
  what: string,
  races: readonly Race[],
  models: (plugin: string) => readonly OwnedModel[] = () => [],
): void {
  for (const { title, run } of races) {
    suite.test(title, async (t) => {
      const store = await suite.open(t, { models: models('suite') })
      await run(t, [store, store], 'suite')
    })
  }
  const hardest = suite.pairs.at(-1)
  if (!hardest) return
  suite.test(`${hardest.of}${what} keep their word to callers at once`, async (t) => {
    const stores = await hardest.open(
      t,
      races.flatMap((_, i) => models(`suite-${i}`)),
    )
    for (const [i, { run }] of races.entries()) await run(t, stores, `suite-${i}`)
  })
}

/** Two dozen callers at once, half of them on each store. */
export const race = <T>(
  stores: readonly [Storage, Storage],
  run: (store: Storage, n: number) => Promise<T>,
): Promise<T[]> => Promise.all(numbers(1, 24).map((n) => run(stores[n % 2]!, n)))
export const count = <T>(list: readonly T[], value: T): number => list.filter((item) => item === value).length
