import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseKind } from '@natter/servers'
import { LoneDatabases } from '../databases/lone-databases.js'
import type { Disk } from '../disks/disk.js'

/** Starts the servers of a store with their data on a disk; what they write for people to read goes elsewhere. */
export async function databasesOnDisk(
  kinds: readonly DatabaseKind[],
  disk: Disk,
  folder: string,
): Promise<LoneDatabases> {
  for (const kind of kinds) {
    const data = join(disk.path, kind)
    await mkdir(data, { mode: 0o700 })
    await mkdir(join(folder, kind))
    await symlink(data, join(folder, kind, 'data'))
  }
  return LoneDatabases.open(kinds, (kind) => ({ folder: join(folder, kind) }))
}
