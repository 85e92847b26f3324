import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Bench } from '../bench.js'
import { natterReaders } from '../clients.js'
import { withLoadedServer } from '../loaded-server.js'
import type { Measurement, Sample } from '../measurement.js'
import type { ServerPlan } from '../server-plan.js'

const readers = 100
const entries = 1_000
const before = 801
const sizes = { full: { warm: 30, pages: 100 }, quick: { warm: 30, pages: 50 } }

async function history(bench: Bench, plan: (file: string) => ServerPlan): Promise<Sample> {
  const size = bench.quick ? sizes.quick : sizes.full
  const file = join(bench.folder, `${randomUUID()}.db`)
  return withLoadedServer(bench, plan(file), natterReaders(readers, before), async ({ load, measure }) => {
    await load.command(`connect ${readers}`)
    await load.command(`exchange ${size.warm} 20 0`)
    const { cpu, acked } = await measure(`exchange ${size.pages} 20 0`)
    return { page: cpu / acked }
  })
}

const unit = 'CPU-µs/page'

/** A page of fifty entries from the middle of a conversation, from the request read to the answer written. */
export const historyMeasurement: Measurement = {
  name: 'history',
  loaded: true,
  unit,
  subjects: {
    natter: (bench) =>
      history(bench, (file) => ({
        kind: 'natter',
        identity: 'bench',
        file,
        room: { members: readers, entries },
      })),
    knex: (bench) => history(bench, (file) => ({ kind: 'knex-history', file, entries })),
  },
  rows: [
    {
      id: 'history.page50',
      unit,
      of: { subject: 'natter', figure: 'page' },
      against: { subject: 'knex', figure: 'page', name: 'knex select and stringify' },
    },
  ],
}
