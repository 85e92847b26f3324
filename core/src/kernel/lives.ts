import type { Awaitable } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { Clock } from '../services/clock.js'
import { keepAlive } from './keep-alive.js'
import type { Logger } from './logger.js'
import type { Lifecycle } from './plugin.js'
import { runStep } from './run-step.js'
import type { Step, StepTimeouts } from './timeouts.js'

/** A part of a plugin's beginning, in order: its services are made, its `init` runs. */
export interface Beginning {
  readonly doing?: string
  run(): Awaitable<unknown>
}
export interface Life {
  readonly plugin: string
  readonly timeouts: StepTimeouts
  readonly begin: readonly Beginning[]
  readonly lifecycle: Lifecycle
}
interface Parts {
  readonly clock: Clock
  readonly log: (plugin: string) => Logger
}

/** The plugins' lives: begun in order, ended in reverse. */
export class Lives {
  readonly #parts: Parts
  readonly #lives: readonly Life[]
  readonly #begun: Life[] = []
  #booting: Promise<void> | undefined
  #ready = false
  #drained: Promise<readonly unknown[]> | undefined
  #stopped: Promise<void> | undefined

  constructor(parts: Parts, lives: readonly Life[]) {
    this.#parts = parts
    this.#lives = lives
  }

  /**
   * Begins, starts and readies all. When that fails, what had begun is stopped in reverse.
   *
   * @throws NATTER_STOPPED when it was stopped before or meanwhile; else what `runStep` throws.
   */
  boot(): Promise<void> {
    this.#booting ??= this.#boot()
    return this.#booting
  }

  /** Traffic has stopped: lets all finish what is under way. Goes on past errors, thrown together at the end. */
  async drain(): Promise<void> {
    throwAll(await this.#drain())
  }

  /** Drains, unless that was done, and stops all that began. Waits for a boot under way. Goes on past errors. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #boot(): Promise<void> {
    const release = keepAlive()
    try {
      for (const life of this.#lives) {
        this.#goOn()
        this.#begun.push(life)
        for (const part of life.begin) await this.#step(life, 'init', part)
      }
      for (const step of ['start', 'ready'] as const) {
        for (const life of this.#lives) await this.#step(life, step, { run: () => life.lifecycle[step]?.() })
      }
      this.#goOn()
      this.#ready = true
    } catch (error) {
      for (const problem of await this.#endAll('stop')) this.#report(problem)
      throw error
    } finally {
      release()
    }
  }

  /** Between two steps of a boot: has it been stopped? */
  #goOn(): void {
    if (this.#stopped !== undefined)
      throw NatterErrors.STOPPED({ message: 'The chat was stopped before it was ready.' })
  }

  async #drain(): Promise<readonly unknown[]> {
    if (!this.#ready) return []
    this.#drained ??= this.#endAll('drain')
    return this.#drained
  }

  async #stop(): Promise<void> {
    const release = keepAlive()
    try {
      // Whoever booted hears of a failure, and it has stopped what had begun.
      await this.#booting?.catch(() => undefined)
      if (!this.#ready) return
      // Who drained before has heard of what failed in it.
      const inDrain = this.#drained === undefined ? await this.#drain() : (await this.#drained, [])
      throwAll([...inDrain, ...(await this.#endAll('stop'))])
    } finally {
      release()
    }
  }

  async #endAll(step: 'drain' | 'stop'): Promise<readonly unknown[]> {
    const problems: unknown[] = []
    for (const life of this.#begun.toReversed()) {
      await this.#run(life, step, { run: () => life.lifecycle[step]?.() }).catch((problem: unknown) =>
        problems.push(problem),
      )
    }
    return problems
  }

  async #step(life: Life, step: Step, part: Beginning): Promise<void> {
    this.#goOn()
    await this.#run(life, step, part)
  }

  async #run({ plugin, timeouts }: Life, step: Step, part: Beginning): Promise<void> {
    const { clock, log } = this.#parts
    await runStep({ plugin, step, timeoutMs: timeouts[step], clock, log: log(plugin), ...part })
  }

  #report(problem: unknown): void {
    this.#parts.log('').error({ err: problem }, 'stopping after a failed boot: a plugin failed to stop')
  }
}

function throwAll(problems: readonly unknown[]): void {
  if (problems.length === 0) return
  const lines = problems.map((problem) => (problem instanceof Error ? problem.message : String(problem)))
  throw new AggregateError(problems, lines.join('\n'))
}
