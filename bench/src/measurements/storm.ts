import { on } from 'node:events'
import { fileURLToPath } from 'node:url'
import { loadCpu } from '../bench.js'
import type { Bench } from '../bench.js'
import type { Measurement, Sample } from '../measurement.js'
import type { RowPlan } from '../row.js'
import { ServerProcess } from '../server-process.js'
import type { StormClientsPlan, StormSaid } from '../storm-clients.js'

const sizes = {
  full: { people: 3_000, watched: 20, calmMs: 10_000, stormMs: 10_000, everyMs: 10_000 },
  quick: { people: 300, watched: 20, calmMs: 3_000, stormMs: 5_000, everyMs: 3_000 },
}
const program = fileURLToPath(new URL('../storm-clients.js', import.meta.url))

async function storm(bench: Bench): Promise<Sample> {
  const { url, drop } = await bench.databases.scratch('sqlite')
  const server = await ServerProcess.start(bench, { kind: 'natter', identity: 'bench', url, presence: true })
  const clients = bench.children.start(loadCpu, process.execPath, [program], ['ignore', 'ignore', 'inherit', 'ipc'])
  const ended = new AbortController()
  clients.once('exit', (code) => ended.abort(new Error(`the clients ended with ${code}`)))
  try {
    clients.send({ port: server.port, ...(bench.quick ? sizes.quick : sizes.full) } satisfies StormClientsPlan)
    let [cpu, shed] = [0, 0]
    for await (const [said] of on(clients, 'message', { signal: ended.signal }) as AsyncIterable<[StormSaid]>) {
      if (said.phase === 'storm') [cpu, shed] = [server.cpu(), await server.ask('shed')]
      if (said.phase === 'quiet') [cpu, shed] = [server.cpu() - cpu, (await server.ask('shed')) - shed]
      if (said.phase !== 'done') continue
      const { phase: _, ...figures } = said
      return { ...figures, unacked: said.given - said.acked, cpu: cpu / 1_000_000, shed }
    }
    throw new Error('the clients said nothing')
  } finally {
    await bench.children.end(clients)
    await server.end()
    await drop()
  }
}

const subject = 'natter'
const row = (id: string, unit: string, figure: string, atMost?: number): RowPlan => ({
  id: `storm.${id}`,
  unit,
  of: { subject, figure },
  ...(atMost !== undefined && { aim: { of: 'value', atMost } }),
})

/**
 * Three thousand clients lose their connections within a second while they talk, type and watch each other, and come back by
 * themselves: on SQLite, over loopback. What was acknowledged and is not found or not shown afterwards, and what comes of the rest.
 */
export const stormMeasurement: Measurement = {
  name: 'storm',
  loaded: true,
  unit: 'of each',
  subjects: { [subject]: storm },
  rows: [
    row('given', 'messages', 'given'),
    row('unacked', 'messages', 'unacked', 0),
    row('lost', 'messages', 'lost', 0),
    row('duplicated', 'messages', 'duplicated', 0),
    row('back', 's until all are back', 'back', 10),
    row('cpu', 'core-seconds', 'cpu'),
    {
      ...row('ack', 'ms, p99', 'stormAck'),
      against: { subject, figure: 'calmAck', name: 'before the storm' },
    },
    row('presence', 'changes told', 'changes', 0),
    row('typed', 'times said', 'typed'),
    row('typing', 'times told', 'typing'),
    row('shed', 'events not sent', 'shed'),
  ],
}
