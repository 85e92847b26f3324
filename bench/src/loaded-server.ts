import type { Bench } from './bench.js'
import { LoadGenerator } from './load-generator.js'
import type { Done, LoadPlan } from './load-generator.js'
import { ServerProcess } from './server-process.js'
import type { ServerPlan } from './server-plan.js'

/** A server and its clients, both processes of this one sample. */
export interface LoadedServer {
  readonly server: ServerProcess
  readonly load: LoadGenerator
  /** Runs a command and tells the server's CPU time for it, in µs. */
  measure(command: string): Promise<Done & { readonly cpu: number }>
}

/** Starts a server and its clients, and ends both whatever happens. */
export async function withLoadedServer<T>(
  bench: Bench,
  plan: ServerPlan,
  clients: Omit<LoadPlan, 'port'>,
  use: (loaded: LoadedServer) => Promise<T>,
): Promise<T> {
  const server = await ServerProcess.start(bench, plan)
  try {
    const load = LoadGenerator.start(bench, { ...clients, port: server.port })
    try {
      return await use({
        server,
        load,
        async measure(command) {
          const before = server.cpu()
          const done = await load.command(command)
          return { ...done, cpu: server.cpu() - before }
        },
      })
    } finally {
      await load.end()
    }
  } finally {
    await server.end()
  }
}
