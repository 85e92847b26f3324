import { readdirSync, readFileSync } from 'node:fs'

/** Whether the kernel tells how long a thread ran. */
export function cpuTimeIsTold(): boolean {
  try {
    return cpuMicros(process.pid) > 0
  } catch {
    return false
  }
}

/** CPU time of a process so far in µs, all its threads together, by the scheduler's own count of nanoseconds. */
export function cpuMicros(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
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

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (kib === undefined) throw new Error(`the resident memory of process ${pid} is not told`)
  return Number(kib) * 1_024
}
