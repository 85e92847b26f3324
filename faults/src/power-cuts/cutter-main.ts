/**
 * Cuts the power of the default durability and of the weakened one. It runs in a mount namespace of its own (`unshare`):
 * when it ends, however it ends, the kernel takes its mounts and loop devices away.
 */
import { storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import type { CutOrder, FromCutter } from './cut-messages.js'
import { cutSeries } from './cut-series.js'
import type { CutOptions } from './cut-series.js'
import { databaseCutSeries } from './database-cut-series.js'
import { Disk } from './disk.js'

const tell = (message: FromCutter) => void process.send?.(message)
/** So many cuts show that a durability that does not sync loses. */
const weakCuts = 10
const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

async function work({ store, seed, cuts, folder }: CutOrder): Promise<FromCutter> {
  let disk: Disk
  try {
    disk = await Disk.make(folder)
  } catch (error) {
    return { kind: 'lacking', what: textOf(error) }
  }
  try {
    const series = (durability: 'full' | 'unsafe', cuts: number) => {
      const progress: CutOptions['progress'] = ({ cuts: done, acked, lost }) => {
        const line = `${done} of ${cuts} cuts, durability ${durability}: ${acked} acked, ${lost} lost`
        if (done % 10 === 0) tell({ kind: 'progress', line })
      }
      const options = { store, durability, cuts, random: new Random(`${seed}/${durability}`), progress }
      const { database } = storeKind(store)
      return database ? databaseCutSeries(disk, database, { ...options, folder }) : cutSeries(disk, options)
    }
    return { kind: 'done', full: await series('full', cuts), weak: await series('unsafe', Math.min(cuts, weakCuts)) }
  } finally {
    await disk.close()
  }
}

process.on('message', (order: CutOrder) => {
  void work(order)
    .catch((error: unknown): FromCutter => ({ kind: 'failed', message: textOf(error) }))
    .then((answer) => process.send?.(answer, () => process.exit(0)))
})
// Who started it is gone, and with it whoever would remove the files.
process.on('disconnect', () => process.exit(1))
