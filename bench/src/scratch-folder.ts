import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Linux's number for file systems in memory, on which nothing is ever synced. */
const tmpfs = 0x01021994

/** A new folder on a disk: the system's temporary one, or one of this package where that is in memory. */
export function scratchFolder(): { readonly path: string; remove(): void } {
  const inMemory = statfsSync(tmpdir()).type === tmpfs
  const parent = inMemory ? fileURLToPath(new URL('../build', import.meta.url)) : tmpdir()
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, 'natter-bench-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
