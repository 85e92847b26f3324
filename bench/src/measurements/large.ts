import type { Bench } from '../bench.js'
import type { SampleDatabase } from '../databases.js'
import type { Filling } from '../fill-store.js'
import type { LargePlan, LargeTold } from '../large.js'
import type { Measurement, Sample } from '../measurement.js'
import { storeKinds, storeTitle } from '../store-kinds.js'
import type { StoreKind } from '../store-kinds.js'
import { toldBy } from '../told-by.js'

const tenMillion: Filling = { conversations: 20_000, each: 500 }
const quickly: Filling = { conversations: 2_000, each: 500 }
const few: Filling = { conversations: 200, each: 50 }

/**
 * What a message and a page cost with ten million messages in the store (a million with `--quick`), against a store that is
 * all but empty: wall time, 64 senders at a time in conversations picked by chance, and a page of fifty of one of them. To fill a
 * store takes minutes, so it is done once in a run, and only when it is asked for by name.
 */
export function largeMeasurements(): readonly Measurement[] {
  return storeKinds.map((kind) => {
    let full: Promise<SampleDatabase> | undefined
    const sample = async (bench: Bench): Promise<Sample> => {
      const filled = full !== undefined
      const [{ url }, small] = [await (full ??= bench.databases.scratch(kind)), await bench.databases.scratch(kind)]
      const plan: LargePlan = {
        full: { url, filling: bench.quick ? quickly : tenMillion, filled },
        few: { url: small.url, filling: few },
        sends: bench.quick ? 5_000 : 20_000,
        pages: bench.quick ? 500 : 2_000,
      }
      try {
        const { send, page, fewSend, fewPage } = await toldBy<LargeTold>(bench, './large.js', plan)
        return { send, page, fewSend, fewPage }
      } finally {
        await small.drop()
      }
    }
    return {
      name: `large.${kind}`,
      loaded: false,
      byName: true,
      unit: 'µs',
      subjects: { natter: sample },
      rows: (['send', 'page'] as const).map((what) => ({
        id: `large.${kind}.${what}`,
        unit: what === 'send' ? 'µs/message' : 'µs/page',
        of: { subject: 'natter', figure: what },
        against: { subject: 'natter', figure: fewFigure[what], name: few10k(kind) },
        aim: { of: 'ratio', atMost: 1.5 },
      })),
    }
  })
}

const fewFigure = { send: 'fewSend', page: 'fewPage' } as const
const few10k = (kind: StoreKind) => `${storeTitle(kind)} with 10,000 messages`
