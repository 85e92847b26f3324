import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(import.meta.resolve('#src/natter-storage.js'))
const diesAt = fileURLToPath(new URL('./fixtures/dies-at.js', import.meta.url))
const withoutMongo = fileURLToPath(new URL('./fixtures/without-mongo.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** Runs the program as somebody would. `said` hears it on the way. */
export async function runProgram(
  args: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv
    readonly lacksMongo?: boolean
    said?(kill: (signal: NodeJS.Signals) => void): void
  } = {},
): Promise<Ended> {
  const { env = {}, lacksMongo = false, said } = options
  return ended([...(lacksMongo ? ['--import', withoutMongo] : []), program, ...args], env, said)
}

/** Copies in a process that is killed when so many pages are through. */
export const dieAt = (pages: number, from: string, to: string): Promise<Ended> =>
  ended([diesAt, String(pages), 'copy', '--from', from, '--to', to], {})

async function ended(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  said?: (kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  child.stderr.once('data', () => said?.((signal) => child.kill(signal)))
  const [out, err, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ])
  return { code, signal, out, err }
}
