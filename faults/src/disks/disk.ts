import { execFile } from 'node:child_process'
import { mkdir, open, rename, rm, rmdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const live = ['-o', 'loop,commit=300,noatime'] as const
/** Debian keeps the tools of a file system where only root looks. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }

async function run(command: string, ...args: string[]): Promise<void> {
  try {
    await execute(command, args, { env })
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string }
    throw new Error(`${command}: ${(stderr || message).trim()}`, { cause: error })
  }
}

/**
 * A file system in a file. What its processes wrote and did not sync is in the kernel's memory and not in the file: a
 * copy of the file is the disk as a power cut would leave it. `commit=300` keeps the file system from syncing by itself.
 */
export class Disk {
  /** Where it is mounted. */
  readonly path: string
  readonly #image: string
  #copies = 0

  /**
   * `size` in bytes; most of it is never written to.
   *
   * @throws With what the system said, where there are no loop devices, no tools or no rights.
   */
  static async make(folder: string, size: number): Promise<Disk> {
    const image = join(folder, 'disk.img')
    const file = await open(image, 'w')
    await file.truncate(size)
    await file.close()
    // Without the part that is kept back for root: to be full is the same for everybody.
    await run('mkfs.ext4', '-q', '-F', '-m', '0', image)
    const path = join(folder, 'disk')
    await mkdir(path)
    await run('mount', ...live, image, path)
    return new Disk(path, image)
  }

  private constructor(path: string, image: string) {
    this.path = path
    this.#image = image
  }

  /** Runs something on the disk as a power cut at this moment would leave it. */
  async afterCut<T>(look: (path: string) => Promise<T>): Promise<T> {
    const copy = `${this.#image}.${++this.#copies}`
    const path = `${this.path}-${this.#copies}`
    await run('cp', '--sparse=always', this.#image, copy)
    await mkdir(path)
    try {
      await run('mount', '-o', 'loop', copy, path)
      try {
        return await look(path)
      } finally {
        await run('umount', path)
      }
    } finally {
      await rm(copy, { force: true })
      await rmdir(path)
    }
  }

  /**
   * Goes on from the disk as a power cut at this moment leaves it, under the same path. All that uses the disk stands
   * still; `end` ends it.
   */
  async cut(end: () => Promise<void>): Promise<void> {
    const copy = `${this.#image}.${++this.#copies}`
    await run('cp', '--sparse=always', this.#image, copy)
    // It is a disk: else whoever syncs first afterwards waits for all of it to be written.
    await run('sync', copy)
    await end()
    await run('umount', this.path)
    await rename(copy, this.#image)
    await run('mount', ...live, this.#image, this.path)
  }

  /** Takes all that is free but so many bytes. */
  async fill(leave: number): Promise<void> {
    // What was removed is free when that is written through.
    await this.sync()
    // Somebody may write between the look and the taking: then there is less than was seen, and less is taken.
    for (let less = 0; ; less += 2 ** 20) {
      const length = Math.max((await this.left()) - leave - less, 1)
      try {
        return await run('fallocate', '--length', String(length), this.#ballast)
      } catch (error) {
        if (length === 1 || !/No space left/.test(String(error))) throw error
        await this.free()
      }
    }
  }

  /** What is free, bytes. */
  async left(): Promise<number> {
    const { bavail, bsize } = await statfs(this.path)
    return bavail * bsize
  }

  /** Gives back what `fill` took. */
  async free(): Promise<void> {
    await rm(this.#ballast, { force: true })
    await this.sync()
  }

  /** Writes everything through. */
  async sync(): Promise<void> {
    await run('sync', '-f', this.path)
  }

  get #ballast(): string {
    return join(this.path, 'ballast')
  }

  async close(): Promise<void> {
    await run('umount', this.path)
  }
}
