import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'pipe' })
const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0

/** Whether this user may mount file systems here. */
export function canMount(folder: string): boolean {
  if (process.getuid?.() !== 0) return false
  if (!works('mount', '-t', 'tmpfs', 'tmpfs', folder)) return false
  run('umount', folder)
  return true
}
/** Whether a disk can be made in a file, and mounted. */
export const canMakeDisks = (): boolean => existsSync('/dev/loop-control') && works('mkfs.ext4', '-V')

interface Mounted {
  readonly folder: string
  readonly unmount: () => void
}
type Teardown = { teardown(run: () => void): void }

/** A file system in memory, of a size. */
export function smallDisk(
  t: Teardown,
  parent: string,
  size: string,
): Mounted & { resize(size: string): void; set(mode: 'ro' | 'rw'): void } {
  const folder = join(parent, 'small')
  mkdirSync(folder)
  run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder)
  const unmount = () => void run('umount', folder)
  t.teardown(unmount)
  return {
    folder,
    unmount,
    resize: (to) => void run('mount', '-o', `remount,size=${to}`, folder),
    set: (mode) => void run('mount', '-o', `remount,${mode}`, folder),
  }
}

/** A disk in a file. `fail` makes its file system read-only at once, as the kernel does when a disk breaks. */
export function breakableDisk(t: Teardown, parent: string): Mounted & { fail(): void; repair(): void } {
  const folder = join(parent, 'breakable')
  const image = join(parent, 'image')
  mkdirSync(folder)
  const file = openSync(image, 'w')
  ftruncateSync(file, 16 * 1024 * 1024)
  closeSync(file)
  run('mkfs.ext4', '-q', '-F', image)
  const mount = () => void run('mount', '-o', 'loop', image, folder)
  const unmount = () => void run('umount', folder)
  mount()
  t.teardown(() => works('umount', folder))
  return {
    folder,
    unmount,
    fail: () => void run('mount', '-o', 'remount,abort', folder),
    repair() {
      unmount()
      works('fsck.ext4', '-y', image)
      mount()
    },
  }
}
