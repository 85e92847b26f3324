import type { Bench } from '../bench.js'
import type { SampleDatabase } from '../databases.js'
import type { Filling } from '../fill-store.js'
import type { LargePlan, LargeTold } from '../large.js'
import type { Measurement, Sample } from '../measurement.js'
import { storeKinds, storeTitle } from '../store-kinds.js'
import { toldBy } from '../told-by.js'

interface Size {
  readonly many: Filling
  readonly few: Filling
}
/** One conversation in a hundred is as long in the store that is all but empty, too: its pages are what is compared. */
function size(conversations: number): Size {
  const talked = conversations / 100
  const each = 500
  return {
    many: [{ conversations, each }],
    few: [
      { conversations: talked, each },
      { conversations: conversations - talked, each: 1 },
    ],
  }
}
const sizes = { full: size(20_000), quick: size(2_000) }

/**
 * What a message and a page cost with ten million messages in the store (a million with `--quick`), against a store of the
 * same people who have hardly written yet: wall time, 64 senders at a time in conversations picked by chance, and a page of fifty of
 * one of them. As many conversations in both: who writes into more of them touches more of a database, whatever is in it. And those
 * that are paged are as long in both: a page of a long one costs more in any store. To fill a store takes minutes, so it is done
 * once in a run, and only when it is asked for by name.
 */
export function largeMeasurements(): readonly Measurement[] {
  return storeKinds.map((kind) => {
    let full: Promise<SampleDatabase> | undefined
    const sample = async (bench: Bench): Promise<Sample> => {
      const filled = full !== undefined
      const [{ url }, small] = [await (full ??= bench.databases.scratch(kind)), await bench.databases.scratch(kind)]
      const { many, few } = bench.quick ? sizes.quick : sizes.full
      const plan: LargePlan = {
        full: { url, filling: many, filled },
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
        against: {
          subject: 'natter',
          figure: fewFigure[what],
          name: `${storeTitle(kind)} of the same people, all but empty`,
        },
        aim: { of: 'ratio', atMost: 1.5 },
      })),
    }
  })
}

const fewFigure = { send: 'fewSend', page: 'fewPage' } as const
