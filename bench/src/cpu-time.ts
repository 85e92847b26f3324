import { readdirSync, readFileSync } from 'node:fs'

/** Whether the kernel tells how long a thread ran. */
export function cpuTimeIsTold(): boolean {
  try {
    return cpuMicros(process.pid) > 0
  } catch {
    return false
  }
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** CPU time of a process so far in µs, all its threads together, by the scheduler's own count of nanoseconds. */
export function cpuMicros(pid: number): number {
  let nanoseconds = 0
  for (const thread of threadsOf(pid)) {
    try {
      nanoseconds += Number.parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'), 10)
    } catch (error) {
      // A thread that ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ESRCH') {
        throw error
      }
    }
  }
  return nanoseconds / 1_000
}

/** CPU time of a process and all that descend from it, µs: a database server may have a process for each connection. */
export function treeMicros(root: number): number {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    try {
      // After the name, which may hold anything, come the state and the parent.
      const [, parent] = /\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
      parents.set(pid, Number(parent))
    } catch {
      // It ended meanwhile.
    }
  }
  const within = (pid: number | undefined): boolean => pid !== undefined && (pid === root || within(parents.get(pid)))
  return [...parents.keys()].filter(within).reduce((sum, pid) => sum + cpuMicros(pid), 0)
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (kib === undefined) throw new Error(`the resident memory of process ${pid} is not told`)
  return Number(kib) * 1_024
}
