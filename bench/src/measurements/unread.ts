import type { Bench } from '../bench.js'
import type { Measurement } from '../measurement.js'
import { toldBy } from '../told-by.js'
import type { UnreadPlan, UnreadTold } from '../unread.js'

async function unread(bench: Bench) {
  const { url, drop } = await bench.databases.scratch('sqlite')
  try {
    const plan: UnreadPlan = { url, conversations: bench.quick ? 60 : 1_000, times: bench.quick ? 3 : 10 }
    const { each } = await toldBy<UnreadTold>(bench, './unread.js', plan)
    return { each }
  } finally {
    await drop()
  }
}

/** Somebody comes back to a thousand conversations, all unread: what each costs in the list, with its number, on SQLite. */
export const unreadMeasurement: Measurement = {
  name: 'unread',
  loaded: false,
  unit: 'CPU-µs/conversation',
  subjects: { sqlite: unread },
  rows: [{ id: 'unread.1000', unit: 'CPU-µs/conversation', of: { subject: 'sqlite', figure: 'each' } }],
}
