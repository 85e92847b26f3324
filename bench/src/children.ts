import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess, StdioOptions } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** The processes that were started, so that all end with this one. */
export class Children {
  readonly #running = new Set<ChildProcess>()
  /** Whether a process can be held on one CPU. */
  readonly pinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0

  start(cpu: number | undefined, command: string, args: readonly string[], stdio: StdioOptions): ChildProcess {
    const [program, ...rest] =
      cpu !== undefined && this.pinned ? ['taskset', '-c', String(cpu), command, ...args] : [command, ...args]
    const child = spawn(program!, rest, { stdio })
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    // A program that could not be started has no exit.
    child.once('error', () => this.#running.delete(child))
    return child
  }

  /** Ends one, and waits until it is gone. */
  async end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  endAll(): void {
    for (const child of this.#running) child.kill('SIGKILL')
  }
}
