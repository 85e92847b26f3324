import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startServer } from '@natter/servers'
import type { DatabaseKind, OwnServer } from '@natter/servers'
import { NatterError } from '@natter/core/contract'
import { storeKind } from '../process/stores.js'
import type { OpenedStore } from '../process/stores.js'
import type { CutFigures, CutOptions } from './cut-series.js'
import type { Disk } from '../disks/disk.js'
import { holdAgainst } from './hold-against.js'
import type { Held } from './hold-against.js'
import { ProcessTree } from './process-tree.js'
import { settingsFor, weakenSet } from './weaken.js'
import { Writer } from './writer.js'
import type { Acked } from './writing.js'

/** What was acknowledged before so many cuts is not looked at again. */
const cutsLookedBack = 5
/** So often somebody comes to a database that has just come up and does not answer yet. */
const mostStarts = 3

/**
 * Cuts the power of a machine with a database server and a chat on it, at random moments. It starts again on the disk
 * that the cut left, and goes on from there.
 */
export async function databaseCutSeries(
  disk: Disk,
  kind: DatabaseKind,
  options: CutOptions & { readonly folder: string },
): Promise<CutFigures> {
  const { durability, cuts, random } = options
  const total = { cuts: 0, acked: 0, lost: 0, losing: 0, wrong: [] as string[] }
  for (let number = 0; total.cuts < cuts; number++) {
    const machine = await Machine.start(disk, kind, options, `${durability}-${number}`)
    try {
      while (total.cuts < cuts) {
        const held = await machine.cut(random.between(1, 400))
        total.cuts++
        total.acked += held.kept.length + held.lost
        total.lost += held.lost
        total.losing += held.lost > 0 ? 1 : 0
        total.wrong.push(...held.wrong)
        options.progress(total)
        if (!machine.starts) break
      }
    } finally {
      await machine.stop()
    }
  }
  return total
}

class Machine {
  readonly #disk: Disk
  readonly #server: OwnServer
  readonly #options: CutOptions & { readonly folder: string }
  readonly #databases: readonly string[]
  readonly #chatFolder: string
  readonly #lives: (readonly Acked[])[] = []
  #life = 0
  /** The database started after the last cut. */
  starts = true

  static async start(
    disk: Disk,
    kind: DatabaseKind,
    options: CutOptions & { readonly folder: string },
    name: string,
  ): Promise<Machine> {
    const { store, durability } = options
    const folder = join(disk.path, name)
    const chatFolder = join(options.folder, name)
    await mkdir(folder)
    await mkdir(chatFolder)
    const server = await startServer(kind, { folder, settings: settingsFor(kind, durability) })
    try {
      const { url } = await server.scratch()
      if (kind === 'mongo' && durability === 'unsafe') {
        const opened = await storeKind(store).open({ folder: chatFolder, databases: [url] })
        await weakenSet(opened).finally(() => opened.close())
      }
      // It was installed long ago.
      await disk.sync()
      return new Machine(disk, server, options, [url], chatFolder)
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  private constructor(
    disk: Disk,
    server: OwnServer,
    options: CutOptions & { readonly folder: string },
    databases: readonly string[],
    chatFolder: string,
  ) {
    this.#disk = disk
    this.#server = server
    this.#options = options
    this.#databases = databases
    this.#chatFolder = chatFolder
  }

  /** Cuts the power when so much was acknowledged, starts again, and looks at what is left. */
  async cut(acks: number): Promise<Held> {
    const writer = await this.#writing(acks)
    try {
      const tree = await ProcessTree.freeze(this.#server.pid)
      await writer.freeze()
      await this.#disk.cut(async () => {
        await writer.kill()
        await this.#server.kill('SIGKILL')
        await tree.kill()
      })
    } finally {
      await writer.kill()
    }
    const acked = [...this.#lives.slice(1 - cutsLookedBack).flat(), ...writer.acked]
    const held = await this.#restart(acked)
    const kept = new Set(held.kept)
    this.#lives.push(writer.acked)
    for (const [i, life] of this.#lives.entries()) this.#lives[i] = life.filter((each) => kept.has(each))
    return held
  }

  /** A writer that has come to so many acks. */
  async #writing(acks: number): Promise<Writer> {
    const { store, durability } = this.#options
    const place = { folder: this.#chatFolder, databases: this.#databases }
    for (let start = 1; ; start++) {
      const writer = new Writer({ store, durability, name: `${++this.#life}-`, ...place })
      try {
        await writer.more(acks)
        return writer
      } catch (error) {
        await writer.kill()
        if (!writer.unanswered || start === mostStarts) throw error
      }
    }
  }

  async #restart(acked: readonly Acked[]): Promise<Held> {
    try {
      await this.#server.restart()
    } catch (error) {
      this.starts = false
      const wrong = this.#options.durability === 'full' ? [`after a cut it does not start: ${String(error)}`] : []
      return { kept: [], lost: acked.length, wrong }
    }
    return holdAgainst(await this.#open(), acked)
  }

  async #open(): Promise<OpenedStore> {
    const place = { folder: this.#chatFolder, databases: this.#databases }
    for (let start = 1; ; start++) {
      try {
        return await storeKind(this.#options.store).open(place)
      } catch (error) {
        const unanswered = NatterError.is(error) && error.code === 'STORAGE_UNAVAILABLE'
        if (!unanswered || start === mostStarts) throw error
      }
    }
  }

  async stop(): Promise<void> {
    await this.#server.kill('SIGKILL')
    await this.#server.stop()
    await rm(this.#server.folder, { recursive: true, force: true, maxRetries: 20 })
  }
}
