import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, watch, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How it breaks; what each means is written in `fixtures/broken-disk.c`. */
export type Break = 'full' | 'read-only' | 'sync-fails' | 'sync-waits'

/** A folder whose disk breaks and is well again as a test wants, for processes that are started with `env`. */
export interface BrokenDisk {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  break(how: Break): void
  repair(how: Break): void
  /** Paths of what was synced, in order. */
  syncs(): readonly string[]
  /** Until a sync waits. */
  waiting(): Promise<void>
}

export const canBreakDisks =
  process.platform === 'linux' && spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0

export function brokenDisk(parent: string): BrokenDisk {
  const real = realpathSync(parent)
  const folder = join(real, 'disk')
  const switches = join(real, 'switches')
  const library = join(real, 'broken-disk.so')
  mkdirSync(folder)
  mkdirSync(switches)
  const source = fileURLToPath(new URL('../../test/fixtures/broken-disk.c', import.meta.url))
  execFileSync('cc', ['-shared', '-fPIC', '-Wall', '-o', library, source, '-ldl'], { stdio: 'pipe' })
  const at = (name: string) => join(switches, name)
  return {
    folder,
    env: { LD_PRELOAD: library, DISK_FOLDER: folder, DISK_SWITCHES: switches },
    break: (how) => writeFileSync(at(how), ''),
    repair: (how) => rmSync(at(how)),
    syncs: () => (existsSync(at('syncs')) ? readFileSync(at('syncs'), 'utf8').split('\n').slice(0, -1) : []),
    async waiting() {
      const changes = watch(switches)
      changes.unref()
      while (!existsSync(at('waiting'))) await once(changes, 'change')
      changes.close()
    },
  }
}
