import type { Bench } from '../bench.js'
import type { GroupPlan, GroupTold } from '../group-of-many.js'
import type { Measurement, Sample } from '../measurement.js'
import { toldBy } from '../told-by.js'

const sizes = [10, 1_000, 100_000] as const
const subject = (size: number) => `${size}`

async function group(bench: Bench, members: number): Promise<Sample> {
  const { url, drop } = await bench.databases.scratch('sqlite')
  try {
    const plan: GroupPlan = { url, members, times: bench.quick ? 100 : 1_000 }
    const { send, join, unread, heap } = await toldBy<GroupTold>(bench, './group-of-many.js', plan)
    return { send, join, unread, heap }
  } finally {
    await drop()
  }
}

const units = { send: 'CPU-µs/message', join: 'CPU-µs/joining', unread: 'CPU-µs/look', heap: 'bytes/member' } as const

/**
 * What a group costs by its size, in our own process on SQLite: a message with ten members connected, a joining, a member's look
 * at what is unread, and its memory. Against a group of ten.
 */
export const groupsMeasurement: Measurement = {
  name: 'group',
  loaded: false,
  unit: 'CPU-µs, bytes/member',
  subjects: Object.fromEntries(sizes.map((size) => [subject(size), (bench: Bench) => group(bench, size)])),
  rows: sizes.flatMap((size) =>
    (['send', 'join', 'unread'] as const)
      .map((what) => ({
        id: `group.${what}.${size}`,
        unit: units[what] as string,
        of: { subject: subject(size), figure: what as string },
        ...(size > 10 && { against: { subject: subject(10), figure: what as string, name: 'a group of ten' } }),
      }))
      .concat(
        size === 100_000
          ? [{ id: `group.heap.${size}`, unit: units.heap, of: { subject: subject(size), figure: 'heap' } }]
          : [],
      ),
  ),
}
