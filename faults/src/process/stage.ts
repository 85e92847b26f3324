import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../databases/database.js'
import { openDatabases } from '../databases/open-databases.js'
import type { Random } from '../random.js'
import { History } from '../record/history.js'
import { Network } from '../record/network.js'
import type { BootOptions } from './orders.js'
import { ServerPool } from './server-pool.js'
import type { ServerProcess } from './server-process.js'
import { storeKind } from './stores.js'
import type { Place } from './stores.js'

type StageOptions = Omit<BootOptions, 'folder' | 'databases'>
/** So long a server may fail to start: what was done to its database is not over at once, ms. */
const patienceMs = 60_000

interface StageParts {
  readonly mischief?: Random
  /** Where the servers store; it ends with the stage. Without it one is started, if the store needs one. */
  readonly database?: Database | undefined
  /** Where the folder of the stage is made. */
  readonly parent?: string
}

/** A store of its own with servers on it, one at a time, and the network that leads to them. */
export class Stage {
  readonly folder: string
  /** Where the servers store. */
  readonly place: Place
  readonly pool: ServerPool
  readonly network: Network
  readonly #database: Database | undefined

  /** @throws Lacking */
  static async open(options: StageOptions, { mischief, database, parent = tmpdir() }: StageParts = {}): Promise<Stage> {
    const { databases } = storeKind(options.store)
    const opened = database ?? (databases.length > 0 ? await openDatabases(databases) : undefined)
    return new Stage(await mkdtemp(join(parent, 'natter-faults-')), options, opened, mischief)
  }

  private constructor(
    folder: string,
    options: StageOptions,
    database: Database | undefined,
    mischief: Random | undefined,
  ) {
    this.folder = folder
    this.network = new Network(new History(), mischief)
    this.#database = database
    this.place = { folder, databases: database?.urls ?? [] }
    this.pool = new ServerPool({ ...options, ...this.place })
  }

  /**
   * Starts a server and leads everybody to it; the next is loaded meanwhile, unless this is the last one. One that does not
   * get at its database is started again, as a service manager does it.
   */
  async up({ last = false } = {}): Promise<ServerProcess> {
    for (const giveUp = performance.now() + patienceMs; ;) {
      const { server, boot } = await this.pool.take()
      try {
        this.network.port = await boot()
        if (!last) this.pool.prepare()
        return server
      } catch (error) {
        await server.kill()
        if (!this.#database || performance.now() > giveUp) throw error
      }
    }
  }

  /** `kill -9`. */
  async down(server: ServerProcess): Promise<void> {
    this.network.port = undefined
    await server.kill()
  }

  /** Ends every server and removes what they stored. */
  async close(): Promise<void> {
    this.network.port = undefined
    await this.pool.close()
    await this.#database?.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
