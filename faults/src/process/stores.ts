import { join } from 'node:path'
import type { Plugin } from '@natter/core'
import type { Storage } from '@natter/core/contract'
import type { Knex } from 'knex'
import type { DatabaseKind } from '@natter/servers'

export type Durability = 'full' | 'unsafe'

/** Where the servers of a run keep everything. */
export interface Place {
  readonly folder: string
  /** The addresses of its database servers, in the order of the store's `databases`. */
  readonly databases: readonly string[]
}

/** A kind of store that the faults can be tried on. Its parts are loaded when they are used: servers start often. */
export interface StoreKind {
  /** The database servers that it stands on; without any it is in the server's own process. */
  readonly databases: readonly DatabaseKind[]
  /** How a server opens it. */
  plugin(place: Place, durability: Durability): Promise<Plugin>
  /** The store without a server around it, to look into, whatever its durability. */
  open(place: Place): Promise<OpenedStore>
  /** A host's own connections to the SQL database, for transactions that messages are part of. */
  readonly host?: (place: Place) => Promise<Knex>
}
export type OpenedStore = Pick<Storage, 'log' | 'prepare' | 'native'> & { close(): Promise<void> }

/** What a backup of a stopped SQLite store consists of. */
export const sqliteFiles = ['chat.db', 'chat.db-wal', 'chat.db-shm'] as const

const clock = { now: () => Date.now(), monotonic: () => performance.now() }
const never = { cancel: () => undefined }
/** Nothing of a store that is only looked into is done later. */
const stillClock = { ...clock, after: () => never, every: () => never }
const nothing = () => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }
const addressOf = ({ databases: [url = ''] }: Place): string => url

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

/** A host does not wait longer for a database that is away, ms. */
const hostPatienceMs = 5_000

async function hostOf(client: 'pg' | 'mysql2', connection: string): Promise<Knex> {
  const { default: knex } = await import('knex')
  return knex({ client, connection, pool: { min: 0, max: 2 }, acquireConnectionTimeout: hostPatienceMs })
}

/** Messages in MongoDB and all else in PostgreSQL, as the starter does it. */
const combined: StoreKind = {
  databases: ['postgres', 'mongo'],
  async plugin(place, durability) {
    return (await import('@natter/storage-routed')).storageRouted(await routedBy(place, durability))
  },
  async open(place) {
    const { openStore, configSchema } = await import('@natter/storage-routed')
    const config = configSchema.parse(await routedBy(place, 'unsafe'))
    const opened = await openStore(config, { clock: stillClock, log: silent, plugins: [] })
    const { storage } = opened
    return {
      log: storage.log,
      prepare: (models, steps) => storage.prepare(models, steps),
      native: (kind) => storage.native(kind),
      close: async () => opened.close(),
    }
  },
  host: ({ databases: [url = ''] }) => hostOf('pg', url),
}

async function routedBy({ databases: [sql = '', mongo = ''] }: Place, durability: Durability) {
  const [{ sqlStore }, { mongoStore }] = await Promise.all([
    import('@natter/storage-sql'),
    import('@natter/storage-mongo'),
  ])
  return {
    stores: { sql: sqlStore({ url: sql, durability }), mongo: mongoStore({ url: mongo, durability }) },
    log: 'mongo',
    records: { default: 'sql' },
  } as const
}

const kinds = {
  sqlite: { databases: [], ...sql(({ folder }) => `sqlite:${join(folder, 'chat.db')}`) },
  postgres: {
    databases: ['postgres'],
    ...sql(addressOf),
    host: (place) => hostOf('pg', addressOf(place)),
  },
  mariadb: {
    databases: ['mariadb'],
    ...sql(addressOf),
    host: (place) => hostOf('mysql2', addressOf(place)),
  },
  mongo: {
    databases: ['mongo'],
    async plugin(place, durability) {
      return (await import('@natter/storage-mongo')).storageMongo({ url: addressOf(place), durability })
    },
    async open(place) {
      const { openStore, configSchema } = await import('@natter/storage-mongo')
      return openStore(configSchema.parse({ url: addressOf(place), durability: 'unsafe' }), clock)
    },
  },
  combined,
} satisfies Record<string, StoreKind>

export type StoreName = keyof typeof kinds
export const storeNames = Object.keys(kinds) as readonly StoreName[]
export const storeKind = (name: StoreName): StoreKind => kinds[name]
