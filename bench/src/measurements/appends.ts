import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverCpu } from '../bench.js'
import type { Bench } from '../bench.js'
import type { Measurement, Sample } from '../measurement.js'

const program = fileURLToPath(new URL('../appends.js', import.meta.url))
const sizes = {
  full: { disk: 1_000, alone: 2_000, crowd: 50_000 },
  quick: { disk: 200, alone: 200, crowd: 4_000 },
}
/** As many as one transaction takes. */
const crowd = 256

async function appends(bench: Bench, way: 'disk' | 'alone' | 'crowd'): Promise<Sample> {
  const times = (bench.quick ? sizes.quick : sizes.full)[way]
  const file = join(bench.folder, `${randomUUID()}.db`)
  const args = [program, way, file, String(times), String(way === 'crowd' ? crowd : 1)]
  const child = bench.children.start(serverCpu, process.execPath, args, ['ignore', 'ignore', 'inherit', 'ipc'])
  try {
    const [rate] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the process ended with ${code}`)
      }),
    ])) as [number]
    return { rate }
  } finally {
    await bench.children.end(child)
  }
}

const unit = 'appends/s'
const diskAlone = { subject: 'disk', figure: 'rate', name: 'write and fsync each' }

/**
 * How many messages of one conversation become durable in a second, through the store: of one sender who waits for each, and
 * of a crowd whose commits are shared. More is better, also of the ratio to what the disk can sync by itself.
 */
export const appendsMeasurement: Measurement = {
  name: 'appends',
  loaded: false,
  unit,
  subjects: {
    disk: (bench) => appends(bench, 'disk'),
    alone: (bench) => appends(bench, 'alone'),
    crowd: (bench) => appends(bench, 'crowd'),
  },
  rows: [
    { id: 'append.alone', unit, of: { subject: 'alone', figure: 'rate' }, against: diskAlone },
    { id: 'append.crowd', unit, of: { subject: 'crowd', figure: 'rate' }, against: diskAlone },
  ],
}
