import { setTimeout } from 'node:timers/promises'
import type { Bench } from '../bench.js'
import { returning, upgradesOnly } from '../clients.js'
import type { LoadPlan } from '../load-generator.js'
import { withLoadedServer } from '../loaded-server.js'
import type { LoadedServer } from '../loaded-server.js'
import type { Measurement, Sample } from '../measurement.js'
import type { ServerPlan } from '../server-plan.js'

const sizes = { full: { clients: 2_000, rounds: 4 }, quick: { clients: 400, rounds: 2 } }

async function hangUp({ load, server }: LoadedServer): Promise<void> {
  await load.command('close')
  while ((await server.ask('connections')) > 0) await setTimeout(20)
  // What it writes down about those who left is not part of letting others in.
  await server.settle()
}

async function accept(
  bench: Bench,
  plan: ServerPlan,
  plans: (clients: number) => Omit<LoadPlan, 'port'>,
): Promise<Sample> {
  const { clients, rounds } = bench.quick ? sizes.quick : sizes.full
  return withLoadedServer(bench, plan, plans(clients), async (loaded) => {
    const firstTime = await loaded.measure(`connect ${clients}`)
    let cpu = 0
    for (let i = 0; i < rounds; i++) {
      await hangUp(loaded)
      cpu += (await loaded.measure(`connect ${clients}`)).cpu
    }
    return { again: cpu / rounds / clients, first: firstTime.cpu / clients }
  })
}

const unit = 'CPU-µs/connection'
const against = (figure: string) => ({ subject: 'ws', figure, name: 'bare ws upgrade' })

/**
 * A connection with its token, from the SYN to the welcome written: once the token has been seen, and the first time,
 * when its signature is checked. Against that, `ws` that answers the upgrade and asks nothing.
 */
export const acceptMeasurement: Measurement = {
  name: 'accept',
  loaded: true,
  unit,
  people: (quick) => (quick ? sizes.quick : sizes.full).clients,
  subjects: {
    ws: (bench) => accept(bench, { kind: 'ws' }, upgradesOnly),
    async natter(bench) {
      const { file, people } = await bench.people()
      return accept(bench, { kind: 'natter', identity: 'auth', url: `sqlite:${file}` }, (clients) =>
        returning(people.slice(0, clients), 'token'),
      )
    },
  },
  rows: [
    {
      id: 'accept',
      unit,
      of: { subject: 'natter', figure: 'again' },
      against: against('again'),
      aim: { of: 'ratio', atMost: 1.2 },
    },
    { id: 'accept.first', unit, of: { subject: 'natter', figure: 'first' }, against: against('first') },
  ],
}
