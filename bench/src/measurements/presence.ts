import type { Bench } from '../bench.js'
import type { Measurement } from '../measurement.js'
import type { StormPlan, StormTold } from '../presence-storm.js'
import { toldBy } from '../told-by.js'

const sizes: Readonly<Record<'full' | 'quick', StormPlan>> = {
  full: { people: 1_000, watched: 100 },
  quick: { people: 150, watched: 50 },
}

async function storm(bench: Bench) {
  const { told, frames } = await toldBy<StormTold>(bench, './presence-storm.js', bench.quick ? sizes.quick : sizes.full)
  return { told, frames }
}

/** A thousand people who watch a hundred others each change within a second: what it costs to tell one of one change. */
export const presenceMeasurement: Measurement = {
  name: 'presence',
  loaded: false,
  unit: 'CPU-µs/change, frames',
  subjects: { storm },
  rows: [
    { id: 'presence.storm', unit: 'CPU-µs/change', of: { subject: 'storm', figure: 'told' } },
    { id: 'presence.storm.frames', unit: 'frames/connection', of: { subject: 'storm', figure: 'frames' } },
  ],
}
