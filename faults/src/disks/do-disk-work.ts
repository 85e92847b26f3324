import { Disk } from './disk.js'
import type { DiskOrder, FromDiskWork } from './disk-work.js'

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/**
 * The other end of `orderDiskWork`: makes a disk of so many bytes, does what it is ordered to, and ends. When it ends, however it ends,
 * the kernel takes its mounts and loop devices away.
 */
export function doDiskWork<Order, Result>(
  size: number,
  work: (order: DiskOrder<Order>, disk: Disk, progress: (line: string) => void) => Promise<Result>,
): void {
  const tell = (message: FromDiskWork<Result>) => void process.send?.(message)

  async function obey(order: DiskOrder<Order>): Promise<FromDiskWork<Result>> {
    let disk: Disk
    try {
      disk = await Disk.make(order.folder, size)
    } catch (error) {
      return { kind: 'lacking', what: textOf(error) }
    }
    try {
      return { kind: 'done', result: await work(order, disk, (line) => tell({ kind: 'progress', line })) }
    } finally {
      await disk.close()
    }
  }

  process.on('message', (order: DiskOrder<Order>) => {
    void obey(order)
      .catch((error: unknown): FromDiskWork<Result> => ({ kind: 'failed', message: textOf(error) }))
      .then((answer) => process.send?.(answer, () => process.exit(0)))
  })
  // Who started it is gone, and with it whoever would remove the files.
  process.on('disconnect', () => process.exit(1))
}
