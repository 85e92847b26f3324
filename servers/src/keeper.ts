import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Keep, Order, Program, Report } from './orders.js'

const main = fileURLToPath(new URL('./keeper-main.js', import.meta.url))

/** A program that a keeper runs. */
export interface Running {
  readonly pid: number
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
}

/** A process beside us that runs a server's programs, and ends them when we are gone, however that came. */
export class Keeper {
  readonly #process: ChildProcess
  readonly #gone: Promise<unknown>
  #waits = 0

  constructor(keep: Keep) {
    this.#process = fork(main, [JSON.stringify(keep)], { detached: true, stdio: 'ignore', execArgv: [] })
    this.#gone = once(this.#process, 'exit')
    this.#gone.catch(() => undefined)
    // A test process ends when its tests have; that a server still runs must not hold it.
    this.#process.unref()
    this.#process.channel?.unref()
  }

  /** Starts a program; the one before has ended. */
  run(program: Program, cwd: string): Promise<Running> {
    let end: (how: number | string) => void
    const ended = new Promise<number | string>((resolve) => (end = resolve))
    return this.hold(
      new Promise((resolve, reject) => {
        let started = false
        const gone = () => hear({ ended: 'its keeper is gone' })
        const hear = (report: Report) => {
          if ('started' in report) {
            started = true
            return resolve({ pid: report.started, ended })
          }
          this.#process.off('message', hear).off('exit', gone)
          end(report.ended)
          if (!started) reject(new Error(`${program.command} could not be started: ${report.ended}`))
        }
        this.#process.on('message', hear).once('exit', gone)
        if (!this.#tell({ do: 'run', cwd, ...program })) gone()
      }),
    )
  }

  signal(signal: NodeJS.Signals): void {
    this.#tell({ do: 'signal', signal })
  }

  /** Ends what runs; resolves when it has ended and the folder is removed. */
  async leave(): Promise<void> {
    this.#tell({ do: 'leave' })
    await this.hold(this.#gone)
  }

  /** Keeps this process alive until something is settled that only the keeper can report. */
  async hold<T>(work: Promise<T>): Promise<T> {
    if (this.#waits++ === 0) this.#process.ref()
    if (this.#waits === 1) this.#process.channel?.ref()
    try {
      return await work
    } finally {
      if (--this.#waits === 0) this.#process.unref()
      if (this.#waits === 0) this.#process.channel?.unref()
    }
  }

  #tell(order: Order): boolean {
    // A channel that has just broken reports it by the process's exit.
    return this.#process.connected && this.#process.send(order, () => undefined)
  }
}
