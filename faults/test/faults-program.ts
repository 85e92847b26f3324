import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Summary } from '#src/run/summary.js'

const program = fileURLToPath(import.meta.resolve('#src/index.js'))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What `--json` wrote. */
  readonly json: Summary | undefined
}

/** Runs `npm run faults -- …` as somebody would, with `--json`. */
export async function runFaults(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'natter-faults-test-'))
  try {
    const file = join(folder, 'faults.json')
    const child = spawn(process.execPath, ['--enable-source-maps', program, ...args, '--json', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    const json = await readFile(file, 'utf8').catch(() => undefined)
    return { code, stdout, stderr, json: json === undefined ? undefined : (JSON.parse(json) as Summary) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
