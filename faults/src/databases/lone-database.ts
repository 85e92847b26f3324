import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FaultyLink, startServer } from '@natter/servers'
import type { DatabaseKind, OwnServer, StartOptions } from '@natter/servers'

const execute = promisify(execFile)

/** One server, behind a network that breaks on order. */
export class LoneDatabase {
  /** The network between the servers of the run and the database. */
  readonly link: FaultyLink
  readonly #server: OwnServer

  static async open(kind: DatabaseKind, options: StartOptions): Promise<LoneDatabase> {
    const server = await startServer(kind, options)
    try {
      const { url } = await server.scratch()
      return new LoneDatabase(server, await FaultyLink.open(url))
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  private constructor(server: OwnServer, link: FaultyLink) {
    this.#server = server
    this.link = link
  }

  /** It has not ended, by order or by itself. */
  get runs(): boolean {
    return this.#server.runs
  }

  kill(): Promise<void> {
    return this.#server.kill('SIGKILL')
  }

  /** Starts what has ended, over the same data. */
  start(): Promise<void> {
    return this.#server.restart()
  }

  /** Copies all data away; nobody is connected. */
  backup(): Promise<void> {
    return this.#copy('data', 'backup')
  }

  /** Puts back what was copied away; nobody is connected. */
  putBack(): Promise<void> {
    return this.#copy('backup', 'data')
  }

  /** What a killed server leaves is whole, and its owner is kept. */
  async #copy(from: string, to: string): Promise<void> {
    const { folder } = this.#server
    await this.kill()
    await rm(join(folder, to), { recursive: true, force: true })
    await execute('cp', ['-a', join(folder, from), join(folder, to)])
    await this.start()
  }

  async close(): Promise<void> {
    await this.link.close()
    await this.#server.stop()
  }
}
