import type { Bench } from '../bench.js'
import type { CrowdPlan, CrowdTold } from '../group-commit.js'
import type { Measurement, Sample } from '../measurement.js'
import { storeKinds, storeTitle } from '../store-kinds.js'
import type { StoreKind } from '../store-kinds.js'
import { toldBy } from '../told-by.js'

const senders = 200
const sizes = {
  full: { store: { warm: 20_000, times: 40_000 }, plain: { warm: 2_000, times: 4_000 } },
  quick: { store: { warm: 4_000, times: 4_000 }, plain: { warm: 200, times: 600 } },
}

async function crowd(bench: Bench, kind: StoreKind, way: CrowdPlan['way']): Promise<Sample> {
  const { url, drop } = await bench.databases.scratch(kind)
  try {
    const plan: CrowdPlan = { way, url, senders, ...(bench.quick ? sizes.quick : sizes.full)[way] }
    const { message, p50 } = await toldBy<CrowdTold>(bench, './group-commit.js', plan)
    return { message, p50 }
  } finally {
    await drop()
  }
}

const against = (kind: StoreKind, figure: string) => ({
  subject: 'plain',
  figure,
  name: `${kind === 'mongo' ? 'insertOne' : 'knex insert'} each, ${storeTitle(kind)}`,
})

/**
 * Two hundred senders in one conversation, each of whom waits for its ack before it sends the next: wall time, for one durable
 * message and of a sender's wait. Against one insert for each message, by a pool of ten.
 */
export const groupCommitMeasurements: readonly Measurement[] = storeKinds.map((kind) => ({
  name: `groupcommit.${kind}`,
  loaded: false,
  unit: 'µs/message, ms',
  subjects: { store: (bench) => crowd(bench, kind, 'store'), plain: (bench) => crowd(bench, kind, 'plain') },
  rows: [
    {
      id: `groupcommit.${kind}`,
      unit: 'µs/message',
      of: { subject: 'store', figure: 'message' },
      against: against(kind, 'message'),
      aim: { of: 'ratio', atMost: 1 / 8 },
    },
    {
      id: `groupcommit.${kind}.p50`,
      unit: 'ms',
      of: { subject: 'store', figure: 'p50' },
      against: against(kind, 'p50'),
      aim: { of: 'ratio', atMost: 0.2 },
    },
  ],
}))
