import test from 'ava'
import { asked, readOptions } from '#src/options.js'
import { notRun, rowOf } from '#src/row.js'
import type { Figures, RowPlan } from '#src/row.js'
import { run } from '#src/run.js'
import type { RunParts } from '#src/run.js'
import { ratioSpread, spread } from '#src/statistics.js'
import { table } from '#src/table.js'

const plan: RowPlan = {
  id: 'thing.cost',
  unit: 'µs',
  of: { subject: 'ours', figure: 'cost' },
  against: { subject: 'theirs', figure: 'cost', name: 'their thing' },
  aim: { of: 'ratio', atMost: 1.1 },
}
const figures = (ours: readonly number[], theirs: readonly number[]): Figures =>
  new Map([
    ['ours', { cost: ours }],
    ['theirs', { cost: theirs }],
  ])

test('a spread is the median, the least and the most', (t) => {
  t.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3 })
  t.deepEqual(spread([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4 })
  t.throws(() => spread([]), { instanceOf: RangeError })
})

test('a ratio is formed in each repetition, before the median', (t) => {
  // A slow minute of the machine falls on both and leaves the ratio alone.
  t.deepEqual(ratioSpread([10, 100, 20], [5, 50, 10]), { median: 2, min: 2, max: 2 })
  t.throws(() => ratioSpread([1], [1, 2]), { instanceOf: RangeError })
})

test('a row is as it is promised to be in the JSON, and its aim is judged', (t) => {
  t.deepEqual(rowOf(plan, figures([11, 11, 11], [10, 10, 10])), {
    id: 'thing.cost',
    unit: 'µs',
    value: { median: 11, min: 11, max: 11 },
    against: 'their thing',
    againstValue: { median: 10, min: 10, max: 10 },
    ratio: { median: 1.1, min: 1.1, max: 1.1 },
    aim: 1.1,
    aimOf: 'ratio',
    met: true,
  })
  t.false(rowOf(plan, figures([12], [10])).met)
  t.true(rowOf({ ...plan, aim: { of: 'value', atMost: 12 } }, figures([12], [1])).met)
  const { aim: _, ...aimless } = plan
  t.is(rowOf(aimless, figures([12], [1])).met, null)
})

test('what did not run has no figures and says why, also in the table', (t) => {
  const row = notRun(plan, 'no compiler')
  t.like(row, { value: null, ratio: null, met: null, notRun: 'no compiler' })
  t.regex(table([row]), /thing\.cost\s+not run: no compiler/)
  t.regex(table([rowOf(plan, figures([12], [10]))]), /12\.0 \(12\.0–12\.0\) µs.*1\.20.*ratio ≤ 1\.1\s+missed/)
})

test('rows are chosen by id or by the beginning of it', (t) => {
  t.true(asked({ only: [] }, 'relay.memory'))
  t.true(asked({ only: ['relay'] }, 'relay.memory'))
  t.false(asked({ only: ['rel'] }, 'relay.memory'))
  t.like(readOptions(['--quick']), { quick: true, repetitions: 2, only: [] })
  t.like(readOptions(['--only', 'a,b', '--only', 'c', '--repetitions', '7']), { only: ['a', 'b', 'c'], repetitions: 7 })
  t.throws(() => readOptions(['--repetitions', '0']), { message: /must be a whole number from 1 to 100/ })
  t.throws(() => readOptions(['--fast']), { message: /--fast/ })
})

test('subjects are sampled in turn, and a sample that fails takes its own rows only', async (t) => {
  const taken: string[] = []
  const subject = (name: string, cost: number) => async () => {
    taken.push(name)
    if (Number.isNaN(cost)) throw new Error(`${name} broke`)
    return { cost }
  }
  const measurement = (name: string, ours: number) => ({
    name,
    loaded: false,
    unit: 'µs',
    subjects: { ours: subject(`${name} ours`, ours), theirs: subject(`${name} theirs`, 10) },
    rows: [{ ...plan, id: name }],
  })
  const said: string[] = []
  const { rows } = await run({
    measurements: [measurement('good', 11), measurement('bad', Number.NaN)],
    options: { quick: true, only: [], repetitions: 2, json: undefined },
    bench: {} as RunParts['bench'],
    lacking: undefined,
    say: (line) => said.push(line),
    clock: () => 0,
  })
  t.deepEqual(taken, [
    ...['good ours', 'good theirs', 'bad ours', 'bad theirs'],
    ...['good ours', 'good theirs', 'bad theirs'],
  ])
  t.is(rows[0]!.ratio?.median, 1.1)
  t.is(rows[1]!.notRun, 'ours failed: bad ours broke')
  t.true(said.some((line) => line.includes('2/8')))
})

test('without a compiler the loaded rows do not run, and say so', async (t) => {
  const { rows } = await run({
    measurements: [{ name: 'loaded', loaded: true, unit: 'µs', subjects: {}, rows: [plan] }],
    options: { quick: true, only: [], repetitions: 1, json: undefined },
    bench: {} as RunParts['bench'],
    lacking: 'no C compiler',
    say: () => undefined,
    clock: () => 0,
  })
  t.is(rows[0]!.notRun, 'no C compiler')
})

test('what takes very long runs only when it is asked for by name', async (t) => {
  const ids = async (only: readonly string[]) => {
    const { rows } = await run({
      measurements: [
        {
          name: 'x',
          loaded: false,
          byName: true,
          unit: 'µs',
          subjects: { ours: async () => ({ cost: 1 }), theirs: async () => ({ cost: 1 }) },
          rows: [plan],
        },
      ],
      options: { quick: false, only, repetitions: 1, json: undefined },
      bench: {} as RunParts['bench'],
      lacking: undefined,
      say: () => undefined,
      clock: () => 0,
    })
    return rows.map(({ id }) => id)
  }
  t.deepEqual(await ids([]), [])
  t.deepEqual(await ids([plan.id]), [plan.id])
})

test('quick begins no repetition that would not be over in two minutes', async (t) => {
  const repetitions = async (secondsEach: number, quick: boolean) => {
    let now = 0
    let taken = 0
    const subject = async () => {
      now += secondsEach * 500
      taken += 1
      return { cost: 1 }
    }
    await run({
      measurements: [
        { name: 'x', loaded: false, unit: 'µs', subjects: { ours: subject, theirs: subject }, rows: [plan] },
      ],
      options: { quick, only: [], repetitions: 3, json: undefined },
      bench: {} as RunParts['bench'],
      lacking: undefined,
      say: () => undefined,
      clock: () => now,
    })
    return taken / 2
  }
  t.is(await repetitions(30, true), 3)
  t.is(await repetitions(50, true), 2)
  t.is(await repetitions(90, true), 1)
  t.is(await repetitions(90, false), 3)
})
