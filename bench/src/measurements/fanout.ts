import type { Bench } from '../bench.js'
import { natterRoom, socketIoRoom } from '../clients.js'
import type { LoadPlan } from '../load-generator.js'
import { withLoadedServer } from '../loaded-server.js'
import type { Measurement, Sample } from '../measurement.js'
import type { RowPlan } from '../row.js'
import type { ServerPlan } from '../server-plan.js'

/** One person writes and a thousand others get it. */
const members = 1_001
const sizes = {
  full: { warm: 40, single: 300, bursts: 60 },
  quick: { warm: 10, single: 25, bursts: 6 },
}

async function fanout(
  bench: Bench,
  plan: ServerPlan,
  clients: (count: number) => Omit<LoadPlan, 'port'>,
): Promise<Sample> {
  const size = bench.quick ? sizes.quick : sizes.full
  return withLoadedServer(bench, plan, clients(members), async ({ load, measure }) => {
    await load.command(`connect ${members}`)
    await load.command(`broadcast ${size.warm} 1`)
    const single = await measure(`broadcast ${size.single} 1`)
    await load.command('broadcast 4 10')
    const burst = await measure(`broadcast ${size.bursts} 10`)
    return { single: single.cpu / single.delivered, burst10: burst.cpu / burst.delivered }
  })
}

const unit = 'CPU-µs/delivery'
const rows = (id: string, figure: string, atMost: number): readonly RowPlan[] => {
  const of = { subject: 'natter', figure }
  return [
    { id, unit, of, against: { subject: 'socket.io', figure, name: 'socket.io room' }, aim: { of: 'ratio', atMost } },
    { id, unit, of, against: { subject: 'bare sockets', figure, name: 'bare sockets' } },
  ]
}

/** A message to a thousand, alone or ten in one turn: what each delivery costs. */
export const fanoutMeasurement: Measurement = {
  name: 'fanout',
  loaded: true,
  unit,
  subjects: {
    'bare sockets': (bench) => fanout(bench, { kind: 'bare-sockets' }, natterRoom),
    natter: (bench) => fanout(bench, { kind: 'natter', identity: 'bench', room: { members, entries: 1 } }, natterRoom),
    'socket.io': (bench) => fanout(bench, { kind: 'socket.io' }, socketIoRoom),
  },
  rows: [...rows('fanout.1000', 'single', 1 / 1.7), ...rows('fanout.1000.burst10', 'burst10', 1 / 10)],
}
