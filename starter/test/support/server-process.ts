import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../../dist/server.js', import.meta.url))

/** Whoever wants to undo things at the end of a test, or of all. */
export interface Cleanup {
  teardown(undo: () => unknown): void
}

/** The starter's server as people run it: a process of its own. */
export interface ServerProcess {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  readonly process: ChildProcess
  /** What it said until it was ready. */
  readonly banner: readonly string[]
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

/** What a start that fails says, and its exit code. */
export interface FailedStart {
  readonly code: number | null
  readonly output: string
}

export async function dataFolder(t: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'natter-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

function run(env: NodeJS.ProcessEnv, args: readonly string[] = []): ChildProcess {
  const {
    PORT: _port,
    HOST: _host,
    DATABASE_URL: _url,
    MONGO_URL: _mongo,
    DATA_DIR: _dir,
    PROXY: _proxy,
    ...rest
  } = process.env
  return spawn(process.execPath, ['--enable-source-maps', program, ...args], {
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Starts a server and waits until it says that it is ready. */
export async function startServer(
  t: Cleanup,
  options: { readonly dataDir?: string; readonly port?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? (await dataFolder(t))
  const child = run({ PORT: String(options.port ?? 0), HOST: '127.0.0.1', DATA_DIR: dataDir, ...options.env })
  t.teardown(() => child.kill('SIGKILL'))
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const banner: string[] = []
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    banner.push(line)
    if (line.startsWith('Stop with')) break
  }
  child.stdout?.resume()
  const url = /http:\/\/\S+/.exec(banner[0] ?? '')?.[0]
  if (!url) throw new Error(`The server did not start: ${complaint}`)
  return {
    url,
    port: Number(new URL(url).port),
    dataDir,
    process: child,
    banner,
    async end(signal) {
      const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
      child.kill(signal)
      const [code, by] = await ended
      return code ?? by ?? 'SIGKILL'
    },
  }
}

/** Starts a server that is expected to give up, or to say something and end. */
export async function runToEnd(env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<FailedStart> {
  const child = run(env, args)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}
