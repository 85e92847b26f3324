import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

/** What the compiler says about its own work. */
export interface Cost {
  readonly instantiations: number
  readonly types: number
  /** Of the checker alone, ms. */
  readonly checkMs: number
  /** Of the whole run: reading, binding, checking. */
  readonly totalMs: number
  readonly memoryBytes: number
}

/**
 * Runs the compiler on a project. One checker, so that the count of instantiations is the same each time and everywhere.
 *
 * @throws Error with what the compiler said, where it found a mistake
 */
export function compile(project: string, ...options: readonly string[]): Cost {
  const { status, stdout } = spawnSync(
    process.execPath,
    [compiler, '-p', project, '--extendedDiagnostics', '--singleThreaded', ...options],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`The generated program in ${project} does not compile:\n${stdout}`)
  const figure = (name: string, unit: string) => {
    const [, value] = new RegExp(`^${name}:\\s+([\\d.]+)${unit}$`, 'm').exec(stdout) ?? []
    if (value === undefined) throw new Error(`The compiler said nothing of "${name}":\n${stdout}`)
    return Number(value)
  }
  return {
    instantiations: figure('Instantiations', ''),
    types: figure('Types', ''),
    checkMs: figure('Check time', 's') * 1_000,
    totalMs: figure('Total time', 's') * 1_000,
    memoryBytes: figure('Memory used', 'K') * 1_024,
  }
}
