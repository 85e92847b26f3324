/** `npm run faults`: breaks things on purpose and holds what was promised against what is left. */
import { writeFile } from 'node:fs/promises'
import { plants } from '../plants/plants.js'
import { readOptions, usage } from './run/options.js'
import type { Options } from './run/options.js'
import { runAllPlants, runPlanted } from './run/planted.js'
import { runSections, sectionsOf } from './run/run-sections.js'
import { figuresLine, summarize } from './run/summary.js'

const say = (line: string) => void process.stdout.write(`${line}\n`)

function options(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    process.stderr.write(`${error.message}\n\n${usage}`)
    return undefined
  }
}

async function run(options: Options): Promise<number> {
  const summary = summarize(
    { store: options.store, seed: options.seed, plant: undefined },
    await runSections(sectionsOf(options), options, { progress: say, done: (section) => say(figuresLine(section)) }),
  )
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(summary, undefined, 2)}\n`)
  for (const { invariant, what } of summary.violations.slice(0, 20)) say(`  ${invariant}: ${what}`)
  const counts = Object.entries(summary.broken).map(([invariant, count]) => `${count} × ${invariant}`)
  say(summary.ok ? `ok (seed ${options.seed})` : `BROKEN: ${counts.join(', ')} (seed ${options.seed})`)
  const missing = process.env['CI'] === 'true' && Object.keys(summary.notRun).length > 0
  if (missing) say('Something could not run, and CI=true: that is a failure.')
  return summary.ok && !missing ? 0 : 1
}

async function main(): Promise<number> {
  const given = options()
  if (!given) return 2
  if (given.help) {
    say(usage)
    return 0
  }
  if (given.listPlants) {
    for (const { name, breaks, shownBy, bug } of plants)
      say(`${name}\n    ${bug}\n    breaks ${breaks}, shown by: ${shownBy}`)
    return 0
  }
  if (given.allPlants) return runAllPlants(given, say)
  if (given.plant !== undefined) return runPlanted(given.plant, given, say)
  return run(given)
}

// All is said and closed. Left to itself, Node may spin at its end, waiting for handles of sockets that a fault has reset.
process.exit(await main())
