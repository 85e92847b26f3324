import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { serverCpu } from '../bench.js'
import type { Bench } from '../bench.js'
import type { Measurement, Sample } from '../measurement.js'

const program = fileURLToPath(new URL('../dispatch.js', import.meta.url))

async function dispatch(bench: Bench, way: 'compiled' | 'awaited'): Promise<Sample> {
  const times = bench.quick ? 100_000 : 2_000_000
  const child = bench.children.start(
    serverCpu,
    process.execPath,
    [program, way, String(times)],
    ['ignore', 'ignore', 'inherit', 'ipc'],
  )
  try {
    const [nanoseconds] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the process ended with ${code}`)
      }),
    ])) as [number]
    return { dispatch: nanoseconds }
  } finally {
    await bench.children.end(child)
  }
}

/** A hook with ten handlers that all answer at once. */
export const hooksMeasurement: Measurement = {
  name: 'hooks',
  loaded: false,
  unit: 'ns',
  subjects: {
    awaited: (bench) => dispatch(bench, 'awaited'),
    compiled: (bench) => dispatch(bench, 'compiled'),
  },
  rows: [
    {
      id: 'hook.dispatch',
      unit: 'ns',
      of: { subject: 'compiled', figure: 'dispatch' },
      against: { subject: 'awaited', figure: 'dispatch', name: 'awaited chain' },
    },
  ],
}
