import { join } from 'node:path'
import type { Plugin } from '@natter/core'
import type { Storage } from '@natter/core/contract'
import type { DatabaseKind } from '@natter/servers'

export type Durability = 'full' | 'unsafe'

/** Where the servers of a run keep everything. */
export interface Place {
  readonly folder: string
  /** The address of the database server; empty where the store needs none. */
  readonly database: string
}

/** A kind of store that the faults can be tried on. Its parts are loaded when they are used: servers start often. */
export interface StoreKind {
  /** The database server that it stands on; without one it is in the server's own process. */
  readonly database?: DatabaseKind
  /** How a server opens it. */
  plugin(place: Place, durability: Durability): Promise<Plugin>
  /** The store without a server around it, to look into, whatever its durability. */
  open(place: Place): Promise<OpenedStore>
}
export type OpenedStore = Pick<Storage, 'log' | 'prepare' | 'native'> & { close(): Promise<void> }

/** What a backup of a stopped SQLite store consists of. */
export const sqliteFiles = ['chat.db', 'chat.db-wal', 'chat.db-shm'] as const

const clock = { now: () => Date.now(), monotonic: () => performance.now() }

function sql(urlOf: (place: Place) => string): Pick<StoreKind, 'plugin' | 'open'> {
  const load = () => import('@natter/storage-sql')
  return {
    plugin: async (place, durability) => (await load()).storageSql({ url: urlOf(place), durability }),
    async open(place) {
      const { openStore, configSchema } = await load()
      return openStore(configSchema.parse({ url: urlOf(place), durability: 'unsafe' }), clock)
    },
  }
}

const kinds = {
  sqlite: sql(({ folder }) => `sqlite:${join(folder, 'chat.db')}`),
  postgres: { database: 'postgres', ...sql(({ database }) => database) },
  mariadb: { database: 'mariadb', ...sql(({ database }) => database) },
  mongo: {
    database: 'mongo',
    async plugin({ database: url }, durability) {
      return (await import('@natter/storage-mongo')).storageMongo({ url, durability })
    },
    async open({ database: url }) {
      const { openStore, configSchema } = await import('@natter/storage-mongo')
      return openStore(configSchema.parse({ url, durability: 'unsafe' }), clock)
    },
  },
} satisfies Record<string, StoreKind>

export type StoreName = keyof typeof kinds
export const storeNames = Object.keys(kinds) as readonly StoreName[]
export const storeKind = (name: StoreName): StoreKind => kinds[name]
