import type { Bench } from '../bench.js'
import { natterPairs, socketIoPairs } from '../clients.js'
import type { LoadPlan } from '../load-generator.js'
import { withLoadedServer } from '../loaded-server.js'
import type { Measurement, Sample } from '../measurement.js'
import type { RowPlan } from '../row.js'
import { serverKinds, storeKinds } from '../store-kinds.js'
import type { StoreKind } from '../store-kinds.js'
import type { ServerPlan } from '../server-plan.js'

/** Below the burst of 60 messages that the default limits allow a user. */
const sizes = {
  full: { clients: 2_000, warm: 10, messages: 40 },
  quick: { clients: 300, warm: 8, messages: 12 },
}
/** So many messages are under way at a time, each from another person to another person. */
const active = 200

async function relay(
  bench: Bench,
  plan: ServerPlan,
  clients: (count: number) => Omit<LoadPlan, 'port'>,
  databaseCpu = () => 0,
): Promise<Sample> {
  const size = bench.quick ? sizes.quick : sizes.full
  return withLoadedServer(bench, plan, clients(size.clients), async ({ load, measure }) => {
    await load.command(`connect ${size.clients}`)
    await load.command(`exchange ${size.warm} ${active} 1`)
    const before = databaseCpu()
    const { cpu, acked } = await measure(`exchange ${size.messages} ${active} 1`)
    return { message: cpu / acked, database: (databaseCpu() - before) / acked }
  })
}

/** Through a store; what the database itself spends is told beside it. */
async function stored(bench: Bench, kind: StoreKind): Promise<Sample> {
  const database = await bench.databases.scratch(kind)
  try {
    return await relay(bench, { kind: 'natter', identity: 'bench', url: database.url }, natterPairs, database.cpu)
  } finally {
    await database.drop()
  }
}

const against = { subject: 'ws', figure: 'message', name: 'ws' }
const unit = 'CPU-µs/message'

/** One person writes to another: what a message costs the server, from the frame read to ack and delivery. */
export const relayMeasurement: Measurement = {
  name: 'relay',
  loaded: true,
  unit,
  subjects: {
    ws: (bench) => relay(bench, { kind: 'ws' }, natterPairs),
    memory: (bench) => relay(bench, { kind: 'natter', identity: 'bench' }, natterPairs),
    ...Object.fromEntries(storeKinds.map((kind) => [kind, (bench: Bench) => stored(bench, kind)])),
    'socket.io': (bench) => relay(bench, { kind: 'socket.io' }, socketIoPairs),
  },
  rows: [
    {
      id: 'relay.memory',
      unit,
      of: { subject: 'memory', figure: 'message' },
      against,
      aim: { of: 'ratio', atMost: 1.1 },
    },
    {
      id: 'relay.sqlite',
      unit,
      of: { subject: 'sqlite', figure: 'message' },
      against,
      aim: { of: 'ratio', atMost: 1.6 },
    },
    ...serverKinds.flatMap((kind): RowPlan[] => [
      {
        id: `relay.${kind}`,
        unit,
        of: { subject: kind, figure: 'message' },
        against,
        aim: { of: 'ratio', atMost: kind === 'postgres' ? 1.3 : 1.6 },
      },
      {
        id: `relay.${kind}.database`,
        unit,
        of: { subject: kind, figure: 'database' },
        ...(kind === 'postgres' && { aim: { of: 'value', atMost: 50 } }),
      },
    ]),
    { id: 'relay.socketio', unit, of: { subject: 'socket.io', figure: 'message' }, against },
  ],
}
