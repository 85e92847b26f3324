import type { Bench } from '../bench.js'
import type { Measurement } from '../measurement.js'
import type { SearchPlan, SearchTold } from '../search-words.js'
import { toldBy } from '../told-by.js'

async function searches(bench: Bench, messages: number) {
  const { url, drop } = await bench.databases.scratch('sqlite')
  try {
    const plan: SearchPlan = { url, messages, times: bench.quick ? 20 : 40 }
    const { rare, common, none } = await toldBy<SearchTold>(bench, './search-words.js', plan)
    return { rare, common, none }
  } finally {
    await drop()
  }
}

const measured = (name: string, messages: (quick: boolean) => number, byName: boolean): Measurement => ({
  name,
  loaded: false,
  byName,
  unit: 'ms',
  subjects: { sqlite: (bench) => searches(bench, messages(bench.quick)) },
  rows: (['rare', 'common', 'none'] as const).map((figure) => ({
    id: `${name}.${figure}`,
    unit: 'ms/search',
    of: { subject: 'sqlite', figure },
  })),
})

/**
 * A search by somebody in ten conversations, on SQLite: of a word that a few messages have, that all have, that none has. A million
 * messages take minutes to be brought into a store and its index, so that runs when it is asked for by name.
 */
export const searchMeasurements: readonly Measurement[] = [
  measured('search.20000', (quick) => (quick ? 1_000 : 20_000), false),
  measured('search.million', () => 1_000_000, true),
]
