import { natterReaders } from '../clients.js'
import type { Bench } from '../bench.js'
import { withLoadedServer } from '../loaded-server.js'
import type { Measurement, Sample } from '../measurement.js'
import type { RowPlan } from '../row.js'
import type { ServerPlan } from '../server-plan.js'
import { serverKinds, storeKinds } from '../store-kinds.js'
import type { StoreKind } from '../store-kinds.js'

const readers = 100
const entries = 1_000
const before = 801
const sizes = { full: { warm: 30, pages: 100 }, quick: { warm: 3, pages: 5 } }

async function history(bench: Bench, kind: StoreKind, plan: (url: string) => ServerPlan): Promise<Sample> {
  const size = bench.quick ? sizes.quick : sizes.full
  const { url, drop } = await bench.databases.scratch(kind)
  try {
    return await withLoadedServer(bench, plan(url), natterReaders(readers, before), async ({ load, measure }) => {
      await load.command(`connect ${readers}`)
      await load.command(`exchange ${size.warm} 20 0`)
      const { cpu, acked } = await measure(`exchange ${size.pages} 20 0`)
      return { page: cpu / acked }
    })
  } finally {
    await drop()
  }
}

const room = { members: readers, entries }
const natter = (kind: StoreKind) => (bench: Bench) =>
  history(bench, kind, (url) => ({ kind: 'natter', identity: 'bench', url, room }))
const plain = (kind: StoreKind) => (bench: Bench) =>
  history(bench, kind, (url) => ({ kind: 'plain-history', url, entries }))
const plainName = (kind: StoreKind) => `${kind === 'mongo' ? 'driver find' : 'knex select'} and stringify`

const unit = 'CPU-µs/page'

/** A page of fifty entries from the middle of a conversation, from the request read to the answer written. */
export const historyMeasurement: Measurement = {
  name: 'history',
  loaded: true,
  unit,
  subjects: Object.fromEntries(
    storeKinds.flatMap((kind) => [
      [kind, natter(kind)],
      [`${kind} plain`, plain(kind)],
    ]),
  ),
  rows: [
    {
      id: 'history.page50',
      unit,
      of: { subject: 'sqlite', figure: 'page' },
      against: { subject: 'sqlite plain', figure: 'page', name: plainName('sqlite') },
      aim: { of: 'ratio', atMost: 0.3 },
    },
    ...serverKinds.map((kind): RowPlan => ({
      id: `history.${kind}`,
      unit,
      of: { subject: kind, figure: 'page' },
      against: { subject: `${kind} plain`, figure: 'page', name: plainName(kind) },
      aim: { of: 'ratio', atMost: 0.3 },
    })),
  ],
}
