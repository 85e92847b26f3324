import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { serverCpu } from './bench.js'
import type { Bench } from './bench.js'

/** Runs a program of this package on the servers' CPU with a plan, and gives what it tells. @throws Error when it ends without a word */
export async function toldBy<T>(bench: Bench, program: string, plan: object): Promise<T> {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const args = ['--expose-gc', file, JSON.stringify(plan)]
  const child = bench.children.start(serverCpu, process.execPath, args, ['ignore', 'ignore', 'inherit', 'ipc'])
  try {
    const [told] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the process ended with ${code}`)
      }),
    ])) as [T]
    return told
  } finally {
    await bench.children.end(child)
  }
}
