import type { Bench } from '../bench.js'
import type { GroupPlan, GroupTold } from '../group-of-many.js'
import type { Measurement, Sample } from '../measurement.js'
import type { RowPlan } from '../row.js'
import { toldBy } from '../told-by.js'

const sizes = [10, 1_000, 100_000]
const subject = 'groups'

async function groups(bench: Bench): Promise<Sample> {
  const { url, drop } = await bench.databases.scratch('sqlite')
  try {
    const plan: GroupPlan = { url, sizes, times: bench.quick ? 50 : 1_000 }
    const told = await toldBy<GroupTold>(bench, './group-of-many.js', plan)
    const figures = told.flatMap((each, i) =>
      Object.entries(each).map(([what, value]) => [`${what}.${sizes[i]}`, value]),
    )
    return Object.fromEntries(figures) as Sample
  } finally {
    await drop()
  }
}

const units = { send: 'CPU-µs/message', join: 'CPU-µs/joining', unread: 'CPU-µs/look' }
const row = (what: keyof typeof units, size: number): RowPlan => ({
  id: `group.${what}.${size}`,
  unit: units[what],
  of: { subject, figure: `${what}.${size}` },
  ...(size > 10 && { against: { subject, figure: `${what}.10`, name: 'a group of ten' } }),
})

/**
 * What a group costs by its size, in our own process on SQLite: a message with ten members connected, a joining, a member's look
 * at what is unread. Against a group of ten. And the JavaScript heap that the largest takes, for each member.
 */
export const groupsMeasurement: Measurement = {
  name: 'group',
  loaded: false,
  unit: 'CPU-µs',
  subjects: { [subject]: groups },
  rows: [
    ...(['send', 'join', 'unread'] as const).flatMap((what) => sizes.map((size) => row(what, size))),
    { id: 'group.memory.100000', unit: 'bytes/member', of: { subject, figure: 'memory.100000' } },
  ],
}
