import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

/** A process and those that it started, by what Linux tells of them. */
export class ProcessTree {
  readonly #pids: readonly number[]

  /** Stops a process, and then its children, which cannot become more. */
  static async freeze(pid: number): Promise<ProcessTree> {
    return new ProcessTree(await stopped(pid))
  }

  private constructor(pids: readonly number[]) {
    this.#pids = pids
  }

  /** `kill -9`; resolves when none of them holds a file any more. */
  async kill(): Promise<void> {
    for (const pid of this.#pids) if (runs(await stateOf(pid))) process.kill(pid, 'SIGKILL')
    for (const pid of this.#pids) while (runs(await stateOf(pid))) await pause(2)
  }
}

async function stopped(pid: number): Promise<number[]> {
  process.kill(pid, 'SIGSTOP')
  for (let state = await stateOf(pid); state !== 'T'; state = await stateOf(pid)) {
    if (!runs(state)) return []
    await pause(1)
  }
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  const below = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => stopped(Number(child))),
  )
  return [pid, ...below.flat()]
}

const runs = (state: string | undefined) => state !== undefined && state !== 'Z' && state !== 'X'

async function stateOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return /^State:\t(\w)/m.exec(status)?.[1]
}
