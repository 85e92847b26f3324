import { parseArgs } from 'node:util'
import { storeNames } from '../process/stores.js'
import type { StoreName } from '../process/stores.js'
import type { SectionName } from './section.js'
import { whyNot } from './why-not.js'

export interface Options {
  readonly store: StoreName
  readonly seed: string
  readonly json: string | undefined
  readonly kills: number | undefined
  readonly timedKills: number | undefined
  readonly databaseKills: number | undefined
  readonly failovers: number | undefined
  readonly powerCuts: number | undefined
  readonly fullDisks: number | undefined
  readonly slowConsumers: number | undefined
  readonly leaks: number | undefined
  readonly clockJumps: boolean
  readonly restoredStore: boolean
  readonly listPlants: boolean
  readonly plant: string | undefined
  readonly allPlants: boolean
  readonly help: boolean
}

export const usage = `npm run faults -- [what] [options]

what (nothing: all of it, in small numbers)
  --kills N            kill -9 of the server at N moments, while people talk; then every ack and every view is compared
  --timed-kills N      kill -9 of the server N times while messages are sent at their time, and disappear at theirs
  --database-kills N   kill -9 of the database N times, and a network to it that breaks and stalls; of two, of one or both
  --failovers N        mongo, combined: of three members, the one that takes the writes is killed or steps down N times
  --restored-store     an old backup is put back: everybody must notice
  --clock-jumps        the wall clock jumps by days
  --slow-consumers N   N sockets stop reading (at most 500)
  --power-cuts N       N cuts of the default durability, and some of the weakened one, which must lose (root, loop devices)
  --leaks N            N random histories of 60 steps: nobody receives what they may not read
                       (npm run leaks -- --runs N)
  --full-disk N        the disk of the store gets full N times (root, loop devices)

options
  --seed S             repeats the plan of an earlier run
  --store NAME         ${storeNames.join(', ')}: messages in MongoDB, the rest in PostgreSQL;
                       database servers are the run's own
  --json FILE          writes { store, seed, kills, acked, lost, duplicated, gaps, ok, … }
  --list-plants        the bugs that can be planted
  --plant NAME         plants one and runs what must show it: exit code 1 when it is caught, 3 when it is not
  --all-plants         plants all of them, one after the other: exit code 0 when each is caught
`

/** @throws TypeError for what it does not know; its message says so. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: { type: 'string' },
      'timed-kills': { type: 'string' },
      'database-kills': { type: 'string' },
      failovers: { type: 'string' },
      'power-cuts': { type: 'string' },
      'full-disk': { type: 'string' },
      'slow-consumers': { type: 'string' },
      leaks: { type: 'string' },
      runs: { type: 'string' },
      'clock-jumps': { type: 'boolean', default: false },
      'restored-store': { type: 'boolean', default: false },
      seed: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      json: { type: 'string' },
      'list-plants': { type: 'boolean', default: false },
      plant: { type: 'string' },
      'all-plants': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const store = storeOf(values.store)
  for (const name of ['database-kills', 'failovers', 'power-cuts'] as const) {
    const why = values[name] === undefined ? undefined : whyNot(name.replace('-', ' ') as SectionName, store)
    if (why !== undefined) throw new TypeError(`--${name} needs ${why}`)
  }
  return {
    store,
    seed: values.seed ?? String(Math.floor(Math.random() * 1e9)),
    json: values.json,
    kills: count('kills', values.kills, 100_000),
    timedKills: count('timed-kills', values['timed-kills'], 100_000),
    databaseKills: count('database-kills', values['database-kills'], 100_000),
    failovers: count('failovers', values.failovers, 100_000),
    powerCuts: count('power-cuts', values['power-cuts'], 10_000),
    fullDisks: count('full-disk', values['full-disk'], 1_000),
    leaks: values.runs === undefined ? count('leaks', values.leaks, 1_000_000) : count('runs', values.runs, 1_000_000),
    slowConsumers: count('slow-consumers', values['slow-consumers'], 500),
    clockJumps: values['clock-jumps'],
    restoredStore: values['restored-store'],
    listPlants: values['list-plants'],
    plant: values.plant,
    allPlants: values['all-plants'],
    help: values.help,
  }
}

function count(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= most) return value
  throw new TypeError(`--${name} is "${text}"; it must be a whole number from 1 to ${most}.`)
}

function storeOf(name: string): StoreName {
  const known = storeNames.find((each) => each === name)
  if (known) return known
  throw new TypeError(`--store is "${name}"; known are ${storeNames.join(', ')}.`)
}
