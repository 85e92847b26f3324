import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Violation } from '../checks/violation.js'
import { plantVariable } from '../../plants/plant.js'
import type { Plant } from '../../plants/plant.js'
import { assertFits, plantNamed, plants } from '../../plants/plants.js'
import type { Options } from './options.js'
import type { Section } from './section.js'
import type { Summary } from './summary.js'
import { runSections } from './run-sections.js'
import { figuresLine, summarize } from './summary.js'

const caught = 1
const notCaught = 3
const notRun = 4
/** Some bugs need a coincidence. What has not shown itself is given more kills and another plan, so often. */
const rounds = 4
const firstKills = 2
const program = fileURLToPath(new URL('../index.js', import.meta.url))
const register = fileURLToPath(new URL('../../plants/register.js', import.meta.url))

/**
 * Plants a bug and runs what must show it: in a process that loads its modules with the bug in them, as do the servers it
 * starts. 1 when the promise that it breaks was seen broken, 3 when not.
 */
export async function runPlanted(name: string, options: Options, say: (line: string) => void): Promise<number> {
  let plant: Plant
  try {
    plant = plantNamed(name)
    await assertFits(plant)
  } catch (error) {
    say((error as Error).message)
    return 2
  }
  if (process.env[plantVariable] !== name) return (await again(name, process.argv.slice(2), say)).code

  say(`${name}: ${plant.bug}`)
  const { store, seed } = options
  let summary: Summary
  let shown: Violation | undefined
  let round = 0
  do {
    const kills = options.kills ?? firstKills * 2 ** round
    const again = { ...options, kills, seed: round === 0 ? seed : `${seed}/${round}` }
    const tell = { progress: say, done: (section: Section) => say(figuresLine(section)) }
    summary = summarize({ store, seed, plant: name }, await runSections([plant.shownBy], again, tell))
    shown = summary.violations.find(({ invariant }) => invariant === plant.breaks)
  } while (!shown && Object.keys(summary.notRun).length === 0 && ++round < rounds)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(summary, undefined, 2)}\n`)
  if (Object.keys(summary.notRun).length > 0) return notRun
  if (!shown) {
    say(`NOT CAUGHT: ${name} did not break ${plant.breaks} (seed ${options.seed})`)
    return notCaught
  }
  say(`caught: ${name} by ${shown.invariant}: ${shown.what}`)
  return caught
}

/** Every plant, one after the other. 0 when each that can run here is caught. */
export async function runAllPlants(options: Options, say: (line: string) => void): Promise<number> {
  let missed = 0
  for (const { name } of plants) {
    const outcome = await outcomeOf(name, options.seed)
    say(`${name.padEnd(30)}${outcome}`)
    if (outcome !== 'caught' && (outcome === 'missed' || process.env['CI'] === 'true')) missed++
  }
  return missed === 0 ? 0 : 1
}

export type PlantOutcome = 'caught' | 'missed' | 'not run'

/** Plants one in processes of its own. A run that breaks down has caught nothing: it must have said what it saw. */
export async function outcomeOf(name: string, seed: string): Promise<PlantOutcome> {
  const { code, lines } = await again(name, ['--plant', name, '--seed', seed])
  if (code === notRun) return 'not run'
  return code === caught && lines.some((line) => line.startsWith(`caught: ${name} `)) ? 'caught' : 'missed'
}

async function again(
  name: string,
  args: readonly string[],
  say?: (line: string) => void,
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const child = spawn(process.execPath, [...process.execArgv, '--import', register, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, [plantVariable]: name },
  })
  const lines: string[] = []
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    say?.(line)
  }
  const [code] = (await closed) as [number | null]
  return { code: code ?? notCaught, lines }
}
