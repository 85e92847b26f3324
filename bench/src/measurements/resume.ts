import type { Bench } from '../bench.js'
import type { Measurement, Sample } from '../measurement.js'
import type { ResumePlan, ResumeTold } from '../resume.js'
import { storeKinds } from '../store-kinds.js'
import type { StoreKind } from '../store-kinds.js'
import { toldBy } from '../told-by.js'

const plan = { conversations: 1_000, changed: 10 }

async function returns(bench: Bench, kind: StoreKind): Promise<Sample> {
  const { url, drop } = await bench.databases.scratch(kind)
  try {
    const given: ResumePlan = { ...plan, url, times: bench.quick ? 10 : 400 }
    const { resume, everything } = await toldBy<ResumeTold>(bench, './resume.js', given)
    return { resume, everything }
  } finally {
    await drop()
  }
}

const unit = 'CPU-µs/resume'

/** Ten of a thousand conversations have changed: what it costs our process to find them, against listing all. */
export const resumeMeasurements: readonly Measurement[] = storeKinds.map((kind) => ({
  name: `resume.10of1000.${kind}`,
  loaded: false,
  unit,
  subjects: { natter: (bench) => returns(bench, kind) },
  rows: [
    {
      id: `resume.10of1000.${kind}`,
      unit,
      of: { subject: 'natter', figure: 'resume' },
      against: { subject: 'natter', figure: 'everything', name: 'the state of all' },
    },
  ],
}))
