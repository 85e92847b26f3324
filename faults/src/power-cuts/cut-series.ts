import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../random.js'
import { storeKind } from '../process/stores.js'
import type { Durability, StoreName } from '../process/stores.js'
import type { Disk } from '../disks/disk.js'
import { holdAgainst } from './hold-against.js'
import type { Held } from './hold-against.js'
import { Writer } from './writer.js'
import type { Acked } from './writing.js'

/** Cuts of one store, before the next is begun. */
const cutsPerStore = 5

/** What a series of cuts did to what was acknowledged. */
export interface CutFigures {
  readonly cuts: number
  /** Over all cuts: messages that had been acknowledged when the power went, and of these gone. */
  readonly acked: number
  readonly lost: number
  /** Cuts after which anything was gone. */
  readonly losing: number
  /** What else was wrong with a store after a cut. */
  readonly wrong: readonly string[]
}

export interface CutOptions {
  readonly store: StoreName
  readonly durability: Durability
  readonly cuts: number
  readonly random: Random
  readonly progress: (soFar: Pick<CutFigures, 'cuts' | 'acked' | 'lost'>) => void
}

/** Cuts the power of a disk at random moments while a process writes to it. */
export async function cutSeries(disk: Disk, options: CutOptions): Promise<CutFigures> {
  const { store, durability, cuts, random } = options
  const total = { cuts: 0, acked: 0, lost: 0, losing: 0, wrong: [] as string[] }
  for (let number = 0; total.cuts < cuts; number++) {
    const name = `${durability}-${number}`
    await mkdir(join(disk.path, name))
    const writer = new Writer({ store, durability, folder: join(disk.path, name), databases: [], name: '' })
    try {
      for (let cut = 0; cut < cutsPerStore && total.cuts < cuts; cut++) {
        // The first cut of a store comes soon after its files were made.
        await writer.more(cut === 0 ? random.between(1, 30) : random.between(1, 400))
        await writer.freeze()
        const { lost, wrong } = await disk.afterCut((path) => look(store, join(path, name), writer.acked))
        total.cuts++
        total.acked += writer.acked.length
        total.lost += lost
        total.losing += lost > 0 ? 1 : 0
        total.wrong.push(...wrong)
        options.progress(total)
        writer.thaw()
      }
    } finally {
      await writer.kill()
    }
    await rm(join(disk.path, name), { recursive: true })
  }
  return total
}

/** Where not even the file is there, all is lost. */
async function look(store: StoreName, folder: string, acked: readonly Acked[]): Promise<Held> {
  if (!existsSync(join(folder, 'chat.db'))) return { kept: [], lost: acked.length, wrong: [] }
  return holdAgainst(await storeKind(store).open({ folder, databases: [] }), acked)
}
