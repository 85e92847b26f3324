/** Cuts the power of the default durability and of the weakened one. */
import { doDiskWork } from '../disks/do-disk-work.js'
import { storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import type { CutOrder, CutResult } from './cut-messages.js'
import { cutSeries } from './cut-series.js'
import type { CutOptions } from './cut-series.js'
import { databaseCutSeries } from './database-cut-series.js'

const size = 512 * 2 ** 20
/** So many cuts show that a durability that does not sync loses. */
const weakCuts = 10

doDiskWork<CutOrder, CutResult>(size, async ({ store, seed, cuts, folder }, disk, tell) => {
  const series = (durability: 'full' | 'unsafe', cuts: number) => {
    const progress: CutOptions['progress'] = ({ cuts: done, acked, lost }) => {
      if (done % 10 === 0) tell(`${done} of ${cuts} cuts, durability ${durability}: ${acked} acked, ${lost} lost`)
    }
    const options = { store, durability, cuts, random: new Random(`${seed}/${durability}`), progress }
    const [database] = storeKind(store).databases
    return database ? databaseCutSeries(disk, database, { ...options, folder }) : cutSeries(disk, options)
  }
  return { full: await series('full', cuts), weak: await series('unsafe', Math.min(cuts, weakCuts)) }
})
