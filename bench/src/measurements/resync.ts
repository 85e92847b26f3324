import type { Bench } from '../bench.js'
import { resuming, upgradesOnly } from '../clients.js'
import type { LoadPlan } from '../load-generator.js'
import { withLoadedServer } from '../loaded-server.js'
import type { Measurement, Sample } from '../measurement.js'
import type { ServerPlan } from '../server-plan.js'

/** So many return. Told is always what ten thousand cost. */
const peopleCount = (quick: boolean) => (quick ? 400 : tenThousand)
const tenThousand = 10_000

async function resync(bench: Bench, plan: ServerPlan, clients: Omit<LoadPlan, 'port'>): Promise<Sample> {
  const count = peopleCount(bench.quick)
  return withLoadedServer(bench, plan, clients, async ({ measure }) => {
    const { cpu } = await measure(`connect ${count}`)
    return { all: (cpu / 1_000_000) * (tenThousand / count) }
  })
}

const unit = 'core-seconds'

/**
 * A server that has just started and knows nobody: ten thousand people come back at once by ticket, ask what changed,
 * and fetch the fifty messages that each has missed. With `--quick` fewer of them.
 */
export const resyncMeasurement: Measurement = {
  name: 'resync',
  loaded: true,
  unit,
  people: peopleCount,
  subjects: {
    ws: (bench) => resync(bench, { kind: 'ws' }, upgradesOnly(peopleCount(bench.quick))),
    async natter(bench) {
      const { file, people } = await bench.people()
      return resync(
        bench,
        { kind: 'natter', identity: 'auth', url: `sqlite:${file}` },
        resuming(people.slice(0, peopleCount(bench.quick))),
      )
    },
  },
  rows: [
    {
      id: 'resync',
      unit,
      of: { subject: 'natter', figure: 'all' },
      against: { subject: 'ws', figure: 'all', name: 'bare ws upgrades' },
      aim: { of: 'value', atMost: 2.4 },
    },
  ],
}
