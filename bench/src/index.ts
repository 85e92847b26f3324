import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { Children } from './children.js'
import { Databases } from './databases.js'
import { cpuTimeIsTold } from './cpu-time.js'
import { compileLoad } from './load-generator.js'
import { makePeople } from './make-people.js'
import { acceptMeasurement } from './measurements/accept.js'
import { appendsMeasurement } from './measurements/appends.js'
import { fanoutMeasurement } from './measurements/fanout.js'
import { groupCommitMeasurements } from './measurements/group-commit.js'
import { groupsMeasurement } from './measurements/groups.js'
import { historyMeasurement } from './measurements/history.js'
import { hooksMeasurement } from './measurements/hooks.js'
import { idleMeasurement } from './measurements/idle.js'
import { largeMeasurements } from './measurements/large.js'
import { presenceMeasurement } from './measurements/presence.js'
import { relayMeasurement } from './measurements/relay.js'
import { resumeMeasurements } from './measurements/resume.js'
import { resyncMeasurement } from './measurements/resync.js'
import { searchMeasurements } from './measurements/search.js'
import { stormMeasurement } from './measurements/storm.js'
import { unreadMeasurement } from './measurements/unread.js'
import { readOptions, usage } from './options.js'
import type { Options } from './options.js'
import { run } from './run.js'
import { serverKinds } from './store-kinds.js'
import { scratchFolder } from './scratch-folder.js'
import { table } from './table.js'

const say = (text: string) => process.stdout.write(`${text}\n`)
const measurements = [
  relayMeasurement,
  fanoutMeasurement,
  idleMeasurement,
  acceptMeasurement,
  resyncMeasurement,
  historyMeasurement,
  appendsMeasurement,
  ...groupCommitMeasurements,
  ...resumeMeasurements,
  hooksMeasurement,
  groupsMeasurement,
  presenceMeasurement,
  stormMeasurement,
  unreadMeasurement,
  ...searchMeasurements,
  ...largeMeasurements(),
]

function options(): Options {
  try {
    const read = readOptions(process.argv.slice(2))
    if (read !== 'help') return read
    say(usage)
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`)
    process.exit(2)
  }
}

const chosen = options()
const folder = scratchFolder()
const children = new Children()
// On every way out: nothing that was started outlives this process, and nothing is left on the disk.
process.once('exit', () => {
  children.endAll()
  folder.remove()
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

function lacking(load: string | undefined): string | undefined {
  if (!cpuTimeIsTold()) return 'CPU time per thread is not told here (Linux: /proc/PID/task/*/schedstat)'
  return load === undefined ? 'no C compiler (cc, gcc or clang) for the load generator' : undefined
}

const load = cpuTimeIsTold() ? compileLoad(folder.path) : undefined
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cpus: availableParallelism(),
  pinned: children.pinned,
}
say(`Node.js ${machine.node}, ${machine.cpus} × ${machine.cpu}, ${machine.pinned ? 'pinned' : 'not pinned'} to CPUs`)
const began = performance.now()
const loadBefore = loadavg()[0]!
const peopleCount = Math.max(...measurements.map(({ people }) => people?.(chosen.quick) ?? 0))
const databases = new Databases(folder.path, children.pinned)
if (chosen.only.length === 0) await databases.start(serverKinds)
const { rows, repetitions, failed } = await run({
  measurements,
  options: chosen,
  bench: {
    children,
    folder: folder.path,
    databases,
    load: load ?? '',
    quick: chosen.quick,
    people: makePeople(children, folder.path, peopleCount, say),
  },
  lacking: lacking(load),
  say,
  clock: () => performance.now(),
})
const seconds = Math.round((performance.now() - began) / 1_000)
say(`\n${table(rows)}\n`)
say(
  `${repetitions} repetitions in ${seconds} s; load average before ${loadBefore.toFixed(1)}, after ${loadavg()[0]!.toFixed(1)}.`,
)
if (chosen.json !== undefined) {
  const { quick } = chosen
  writeFileSync(
    chosen.json,
    `${JSON.stringify({ rows, quick, repetitions, seconds, loadBefore, machine }, undefined, 2)}\n`,
  )
}
await databases.stop()
if (failed) process.exitCode = 1
process.exit()
