import { fileURLToPath } from 'node:url'
import { lackingOf } from '../databases/open-databases.js'
import { orderDiskWork } from '../disks/order-disk-work.js'
import { storeKind } from '../process/stores.js'
import type { Section, SectionOptions } from '../run/section.js'
import type { FillOrder, FillResult } from './fill-messages.js'

const program = fileURLToPath(new URL('./filler-main.js', import.meta.url))

/** I9 and I1 on a full disk: sends are refused for the moment, nothing is lost, and all goes on when there is room. */
export async function fullDiskSection(options: SectionOptions & { readonly rounds: number }): Promise<Section> {
  const { progress, ...order } = options
  const name = 'full disk'
  const notRun = (why: string): Section => ({ name, figures: {}, violations: [], notRun: `needs ${why}` })
  const lacking = lackingOf(storeKind(order.store).databases)
  if (lacking !== undefined) return notRun(lacking)
  const result = await orderDiskWork<FillOrder, FillResult>(program, order, progress)
  return 'lacking' in result ? notRun(result.lacking) : { name, ...result }
}
