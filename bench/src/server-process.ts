import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { serverCpu } from './bench.js'
import type { Bench } from './bench.js'
import { cpuMicros, residentBytes } from './cpu-time.js'
import type { FromServer, ServerPlan, ToServer } from './server-plan.js'

const program = fileURLToPath(new URL('./serve.js', import.meta.url))
const patienceMs = 60_000
const farewellMs = 5_000
const settleMs = 10_000
const lookMs = 200

/** A server in a process of its own. */
export class ServerProcess {
  readonly port: number
  readonly #bench: Bench
  readonly #child: ChildProcess

  private constructor(bench: Bench, child: ChildProcess, port: number) {
    this.#bench = bench
    this.#child = child
    this.port = port
  }

  /** Starts it, and waits until it listens. @throws Error when it does not */
  static async start(bench: Bench, plan: ServerPlan): Promise<ServerProcess> {
    const args = ['--expose-gc', ...nodeArguments(), program, JSON.stringify(plan)]
    const child = bench.children.start(serverCpu, process.execPath, args, ['ignore', 'ignore', 'inherit', 'ipc'])
    try {
      const message = await hear(child)
      if (message.kind !== 'listening') throw new Error('the server answered before it listened')
      return new ServerProcess(bench, child, message.port)
    } catch (error) {
      await bench.children.end(child)
      throw error
    }
  }

  /** CPU time so far, µs. */
  cpu(): number {
    return cpuMicros(this.#child.pid!)
  }

  /** Waits until it has nothing more to do, for ten seconds at most. */
  async settle(): Promise<void> {
    for (let i = 0; i < settleMs / lookMs; i++) {
      const before = this.cpu()
      await setTimeout(lookMs)
      // Less than a fiftieth of the time: timers.
      if (this.cpu() - before < lookMs * 20) return
    }
  }

  /** Resident memory, bytes. */
  resident(): number {
    return residentBytes(this.#child.pid!)
  }

  /**
   * `heap`: JavaScript heap in use after garbage collection, bytes. `connections`: how many there are. `shed`: how many events
   * were not sent so far.
   */
  async ask(question: ToServer): Promise<number> {
    const heard = hear(this.#child)
    this.#child.send(question)
    const message = await heard
    if (message.kind !== 'answer') throw new Error(`the server did not answer "${question}"`)
    return message.value
  }

  /** Lets it end by itself, so that a profile is written, and ends it where it does not. */
  async end(): Promise<void> {
    if (this.#child.connected) {
      const gone = once(this.#child, 'exit', { signal: AbortSignal.timeout(farewellMs) })
      this.#child.disconnect()
      // It has not gone in time.
      await gone.catch(() => undefined)
    }
    await this.#bench.children.end(this.#child)
  }
}

/** For profiling: flags for the servers' Node.js, like `--cpu-prof`. */
const nodeArguments = () => process.env['BENCH_SERVER_NODE']?.split(' ').filter(Boolean) ?? []

async function hear(child: ChildProcess): Promise<FromServer> {
  const waiting = new AbortController()
  const options = { signal: AbortSignal.any([waiting.signal, AbortSignal.timeout(patienceMs)]) }
  try {
    return await Promise.race([
      once(child, 'message', options).then(([message]) => message as FromServer),
      once(child, 'exit', options).then(([code, signal]) => {
        throw new Error(`the server ended with ${signal ?? code}`)
      }),
    ])
  } finally {
    waiting.abort()
  }
}
