import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { plantVariable } from '../../plants/plant.js'
import type { Plant } from '../../plants/plant.js'
import { plantNamed, plants } from '../../plants/plants.js'
import type { Options } from './options.js'
import { runSections } from './run-sections.js'
import { figuresLine, summarize } from './summary.js'

const caught = 1
const notCaught = 3
const notRun = 4
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
  } catch (error) {
    say((error as Error).message)
    return 2
  }
  if (process.env[plantVariable] !== name) return again(name, process.argv.slice(2), 'inherit')

  say(`${name}: ${plant.bug}`)
  const sections = await runSections([plant.shownBy], options, {
    progress: say,
    done: (section) => say(figuresLine(section)),
  })
  const summary = summarize({ store: options.store, seed: options.seed, plant: name }, sections)
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(summary, undefined, 2)}\n`)
  if (Object.keys(summary.notRun).length > 0) return notRun
  const shown = summary.violations.find(({ invariant }) => invariant === plant.breaks)
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
    const code = await again(name, ['--plant', name, '--seed', options.seed], 'ignore')
    const outcome = code === caught ? 'caught' : code === notRun ? 'not run: lacks what it needs' : `MISSED (${code})`
    say(`${name.padEnd(30)}${outcome}`)
    if (code !== caught && (code !== notRun || process.env['CI'] === 'true')) missed++
  }
  return missed === 0 ? 0 : 1
}

async function again(name: string, args: readonly string[], stdout: 'inherit' | 'ignore'): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, '--import', register, program, ...args], {
    stdio: ['ignore', stdout, 'inherit'],
    env: { ...process.env, [plantVariable]: name },
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return code ?? notCaught
}
