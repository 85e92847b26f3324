import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { startServer } from '@natter/servers'
import type { DatabaseKind, OwnServer, ServerSettings } from '@natter/servers'
import { loadCpu } from './bench.js'
import { treeMicros } from './cpu-time.js'
import type { StoreKind } from './store-kinds.js'

/** An empty database for one sample. */
export interface SampleDatabase {
  readonly url: string
  /** CPU time of the database's own processes so far, µs; 0 for one that runs in the server's process. */
  cpu(): number
  drop(): Promise<void>
}

/** The setting by which a database is given so many bytes of memory. */
const memoryFor: Partial<Record<DatabaseKind, (bytes: number) => ServerSettings>> = {
  mariadb: (bytes) => ({ 'innodb-buffer-pool-size': Math.floor(bytes) }),
  mongo: (bytes) => ({ wiredTigerCacheSizeGB: Number((bytes / 2 ** 30).toFixed(2)) }),
}

/** A database that this machine does not have: the rows that need it do not run, and nothing failed. */
export class MissingDatabase extends Error {}

/**
 * The database servers of a run, each started when it is asked for first, beside the load generator.
 *
 * They have the settings that they come with, but for the memory in which they keep what they read. By itself MariaDB would have
 * 128 MiB on any machine, and MongoDB half of it; each gets a quarter.
 */
export class Databases {
  readonly #folder: string
  readonly #pinned: boolean
  readonly #servers = new Map<DatabaseKind, Promise<OwnServer>>()

  constructor(folder: string, pinned: boolean) {
    this.#folder = folder
    this.#pinned = pinned
  }

  async scratch(kind: StoreKind): Promise<SampleDatabase> {
    if (kind === 'sqlite') {
      const url = `sqlite:${join(this.#folder, `${randomUUID()}.db`)}`
      return { url, cpu: () => 0, drop: () => Promise.resolve() }
    }
    const server = await this.#server(kind)
    const { url, drop } = await server.scratch()
    return { url, cpu: () => treeMicros(server.pid), drop }
  }

  /** Starts these side by side, before anything is sampled. One that is not to be had says so to the row that asks for it. */
  async start(kinds: readonly DatabaseKind[]): Promise<void> {
    await Promise.allSettled(kinds.map((kind) => this.#server(kind)))
  }

  #server(kind: DatabaseKind): Promise<OwnServer> {
    const known = this.#servers.get(kind)
    if (known) return known
    const starting = this.#start(kind)
    this.#servers.set(kind, starting)
    return starting
  }

  async #start(kind: DatabaseKind): Promise<OwnServer> {
    const server = await startServer(kind, { settings: memoryFor[kind]?.(totalmem() / 4) ?? {} }).catch(
      (error: unknown) => {
        throw new MissingDatabase((error as Error).message.split('\n')[0])
      },
    )
    // Off the CPU of the chat's server, so that neither is counted for the other.
    if (this.#pinned) spawnSync('taskset', ['-a', '-cp', String(loadCpu), String(server.pid)])
    return server
  }

  async stop(): Promise<void> {
    // One that did not start has said so to the row that asked for it, and has nothing to stop.
    const started = await Promise.allSettled(this.#servers.values())
    await Promise.all(started.map((server) => (server.status === 'fulfilled' ? server.value.stop() : undefined)))
  }
}
