import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Random } from '../random.js'
import { History } from '../record/history.js'
import { Network } from '../record/network.js'
import type { BootOptions } from './orders.js'
import { ServerPool } from './server-pool.js'
import type { ServerProcess } from './server-process.js'

/** A folder of its own with servers on it, one at a time, and the network that leads to them. */
export class Stage {
  readonly folder: string
  readonly pool: ServerPool
  readonly network: Network

  static async open(options: Omit<BootOptions, 'folder'>, mischief?: Random): Promise<Stage> {
    return new Stage(await mkdtemp(join(tmpdir(), 'natter-faults-')), options, mischief)
  }

  private constructor(folder: string, options: Omit<BootOptions, 'folder'>, mischief: Random | undefined) {
    this.folder = folder
    this.network = new Network(new History(), mischief)
    this.pool = new ServerPool({ ...options, folder })
  }

  /** Starts a server and leads everybody to it; the next is loaded meanwhile, unless this is the last one. */
  async up({ last = false } = {}): Promise<ServerProcess> {
    const { server, port } = await this.pool.start()
    if (!last) this.pool.prepare()
    this.network.port = port
    return server
  }

  /** `kill -9`. */
  async down(server: ServerProcess): Promise<void> {
    this.network.port = undefined
    await server.kill()
  }

  /** Ends every server and removes the folder. */
  async close(): Promise<void> {
    this.network.port = undefined
    await this.pool.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}
