import { fileURLToPath } from 'node:url'
import { orderDiskWork } from './order-disk-work.js'

const program = fileURLToPath(new URL('./nothing-main.js', import.meta.url))

/** What is missing here for disks in files; nothing where they can be made. */
export async function lackingDisk(): Promise<string | undefined> {
  const made = await orderDiskWork<object, { readonly lacking?: string }>(program, {}, () => undefined)
  return made.lacking
}
