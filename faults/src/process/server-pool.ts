import type { BootOptions } from './orders.js'
import { ServerProcess } from './server-process.js'

/** Server processes for one folder, one at a time; the next is loaded while one still runs, so that a restart is quick. */
export class ServerPool {
  readonly #options: BootOptions
  readonly #all = new Set<ServerProcess>()
  #next: ServerProcess | undefined
  /** With a driven clock: so much time has passed when the next one boots, ms. */
  aheadMs = 0

  constructor(options: BootOptions) {
    this.#options = options
  }

  /** A server about to boot. */
  async take(): Promise<{ readonly server: ServerProcess; boot(): Promise<number> }> {
    const server = this.#next ?? this.#spawn()
    this.#next = undefined
    await server.loaded()
    return { server, boot: () => server.boot({ ...this.#options, aheadMs: this.aheadMs }) }
  }

  /** Begins to load the next one. */
  prepare(): void {
    this.#next ??= this.#spawn()
  }

  /** A booted server and its port. */
  async start(): Promise<{ readonly server: ServerProcess; readonly port: number }> {
    const { server, boot } = await this.take()
    return { server, port: await boot() }
  }

  /** Ends all that still run. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((server) => server.kill()))
  }

  #spawn(): ServerProcess {
    const server = ServerProcess.spawn()
    this.#all.add(server)
    void server.ended.then(() => this.#all.delete(server))
    return server
  }
}
