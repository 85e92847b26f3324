import { spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { loadCpu } from './bench.js'
import type { Bench } from './bench.js'

/** What the clients say, and what they hear (see `native/load.c`). */
export interface LoadPlan {
  readonly port: number
  readonly path: string
  readonly protocol?: string
  /** One line per client: source address, what is said before each expectation, the message; parted by tabs. */
  readonly clients: readonly string[]
  readonly expects?: readonly string[]
  readonly acks?: readonly string[]
  readonly deliveries?: readonly string[]
  readonly refusal?: string
  readonly handshakes?: number
}
export interface Done {
  readonly ready: number
  readonly acked: number
  readonly delivered: number
  /** Frames that were neither. */
  readonly others: number
  readonly us: number
}

const source = fileURLToPath(new URL('../native/load.c', import.meta.url))

/** Compiles the load generator into a folder. Nothing where there is no compiler. @throws Error when it does not compile */
export function compileLoad(folder: string): string | undefined {
  const program = join(folder, 'load')
  for (const compiler of ['cc', 'gcc', 'clang']) {
    const { error, status, stderr } = spawnSync(compiler, ['-O2', '-o', program, source], { encoding: 'utf8' })
    if (error) continue
    if (status === 0) return program
    throw new Error(`${compiler} could not compile ${source}:\n${stderr}`)
  }
  return undefined
}

/** A running load generator. */
export class LoadGenerator {
  readonly #bench: Bench
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(bench: Bench, child: ChildProcess) {
    this.#bench = bench
    this.#child = child
    // When it has ended, the command says so.
    child.stdin!.on('error', () => undefined)
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  }

  static start(bench: Bench, plan: LoadPlan): LoadGenerator {
    const file = join(bench.folder, `clients-${randomUUID()}.tsv`)
    writeFileSync(file, plan.clients.map((line) => `${line}\n`).join(''))
    const each = (name: string, values: readonly string[] = []) => values.flatMap((value) => [name, value])
    const args = [
      ...['--port', String(plan.port), '--path', plan.path, '--clients', file],
      ...['--handshakes', String(plan.handshakes ?? 200)],
      ...(plan.protocol === undefined ? [] : ['--protocol', plan.protocol]),
      ...(plan.refusal === undefined ? [] : ['--refusal', plan.refusal]),
      ...each('--expect', plan.expects),
      ...each('--ack', plan.acks),
      ...each('--delivery', plan.deliveries),
    ]
    return new LoadGenerator(bench, bench.children.start(loadCpu, bench.load, args, ['pipe', 'pipe', 'inherit']))
  }

  /** Gives a command and waits until it is done. @throws Error with what went wrong */
  async command(text: string): Promise<Done> {
    this.#child.stdin!.write(`${text}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`the load generator ended during "${text}"`)
    const answer = JSON.parse(value) as Done | { readonly error: string }
    if ('error' in answer) throw new Error(`${text}: ${answer.error}`)
    return answer
  }

  end(): Promise<void> {
    return this.#bench.children.end(this.#child)
  }
}
