/** Fills the disk on which a store keeps its data, again and again, while people talk. */
import { doDiskWork } from '../disks/do-disk-work.js'
import type { FillOrder, FillResult } from './fill-messages.js'
import { fillRounds } from './fill-rounds.js'

/** MongoDB makes no index where less than 500 MB are free. */
const size = 2 ** 30

doDiskWork<FillOrder, FillResult>(size, fillRounds)
