import type { Bench } from '../bench.js'
import { greeting, returning } from '../clients.js'
import type { LoadPlan } from '../load-generator.js'
import { withLoadedServer } from '../loaded-server.js'
import type { LoadedServer } from '../loaded-server.js'
import type { Measurement, Sample } from '../measurement.js'
import type { ServerPlan } from '../server-plan.js'

/** Tables have grown and code is compiled after the first; what the others add is what a connection takes. */
const sizes = { full: { first: 1_000, more: 9_000 }, quick: { first: 100, more: 300 } }
const sizeOf = (quick: boolean) => (quick ? sizes.quick : sizes.full)
const total = (quick: boolean) => sizeOf(quick).first + sizeOf(quick).more
const kib = 1_024

async function idle(bench: Bench, plan: ServerPlan, clients: Omit<LoadPlan, 'port'>): Promise<Sample> {
  const { first, more } = sizeOf(bench.quick)
  const slopes = <Name extends string>(reads: Readonly<Record<Name, (loaded: LoadedServer) => Promise<number>>>) =>
    withLoadedServer(bench, plan, clients, async (loaded) => {
      const look = async () => {
        const looks: number[] = []
        for (const read of Object.values<(typeof reads)[Name]>(reads)) looks.push(await read(loaded))
        return looks
      }
      await loaded.load.command(`connect ${first}`)
      const before = await look()
      await loaded.load.command(`connect ${more}`)
      const after = await look()
      const figures = after.map((figure, i) => (figure - before[i]!) / more / kib)
      return Object.fromEntries(Object.keys(reads).map((name, i) => [name, figures[i]!]))
    })
  const rss = async ({ server }: LoadedServer) => server.resident()
  const heap = ({ server }: LoadedServer) => server.ask('heap')
  // A collection changes what is resident, so each has a process of its own where there is time for that.
  if (bench.quick) return slopes({ rss, heap })
  return { ...(await slopes({ heap })), ...(await slopes({ rss })) }
}

const unit = 'KiB/connection'
const row = (figure: string) => ({
  id: `idle.${figure}`,
  unit,
  of: { subject: 'natter', figure },
  against: { subject: 'ws', figure, name: 'ws' },
})

/** Connections that are there and silent: JavaScript heap after collection, and resident memory without one. */
export const idleMeasurement: Measurement = {
  name: 'idle',
  loaded: true,
  unit,
  people: total,
  subjects: {
    ws: (bench) => idle(bench, { kind: 'ws' }, greeting(total(bench.quick))),
    async natter(bench) {
      const { file, people } = await bench.people()
      return idle(
        bench,
        { kind: 'natter', identity: 'auth', url: `sqlite:${file}` },
        returning(people.slice(0, total(bench.quick)), 'ticket'),
      )
    },
  },
  rows: [{ ...row('heap'), aim: { of: 'value', atMost: 4 } }, row('rss')],
}
