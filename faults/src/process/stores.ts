import { join } from 'node:path'
import type { Plugin } from '@natter/core'
import { storageSql } from '@natter/storage-sql'

export type Durability = 'full' | 'unsafe'

/** A kind of store that the faults can be tried on: how a server opens it in a folder of its own. */
export interface StoreKind {
  plugin(folder: string, durability: Durability): Plugin
  /** What a backup of a stopped store consists of: file names in the folder. */
  readonly files: readonly string[]
}

const kinds = {
  sqlite: {
    plugin: (folder, durability) => storageSql({ url: `sqlite:${join(folder, 'chat.db')}`, durability }),
    files: ['chat.db', 'chat.db-wal', 'chat.db-shm'],
  },
} satisfies Record<string, StoreKind>

export type StoreName = keyof typeof kinds
export const storeNames = Object.keys(kinds) as readonly StoreName[]
export const storeKind = (name: StoreName): StoreKind => kinds[name]
