import { fileURLToPath } from 'node:url'
import { orderDiskWork } from '../disks/order-disk-work.js'
import type { CutOrder, CutResult } from './cut-messages.js'

const program = fileURLToPath(new URL('./cutter-main.js', import.meta.url))

/** Cuts in a process of its own. */
export const cutPower = (
  order: CutOrder,
  progress: (line: string) => void,
): Promise<CutResult | { readonly lacking: string }> => orderDiskWork<CutOrder, CutResult>(program, order, progress)
