import { MongoClient, ReadConcern } from 'mongodb'
import type { Db } from 'mongodb'
import { StorageErrors } from '@natter/core/contract'
import type { MongoConfig } from './config.js'
import { checkDurability, readSettings } from './durability.js'
import { MongoErrors } from './errors.js'

/** A database that is there and keeps its promises. */
export interface Connected {
  readonly client: MongoClient
  readonly db: Db
  /** For people; without names and passwords. */
  readonly description: string
  readonly durable: boolean
  /** Ends the connection, unless it is the host's own. */
  close(): Promise<void>
}

const oldest = 6
/** So long a server may take to be found, to be connected to, and to have a write on a majority, ms. */
const patience = { found: 5_000, connected: 5_000, written: 10_000 }
const loginCodes: ReadonlySet<unknown> = new Set([18, 8000])

/**
 * Connects, and reads back what the promises rest on.
 *
 * @throws STORAGE_MONGO_URL_INVALID, STORAGE_MONGO_LOGIN_REFUSED, STORAGE_MONGO_REPLICA_SET_REQUIRED, STORAGE_MONGO_VERSION_OLD,
 * STORAGE_MONGO_DURABILITY_WEAK; STORAGE_UNAVAILABLE when no server answers.
 */
export async function connect(config: MongoConfig): Promise<Connected> {
  const client = config.client ?? newClient(config.url)
  const close = async () => {
    if (!config.client) await client.close()
  }
  try {
    return { client, close, ...(await inspect(client, config)) }
  } catch (error) {
    await close()
    throw readable(error, client)
  }
}

function newClient(url: string): MongoClient {
  try {
    return new MongoClient(url, {
      appName: 'natter',
      serverSelectionTimeoutMS: patience.found,
      connectTimeoutMS: patience.connected,
      maxPoolSize: 32,
    })
  } catch (error) {
    // the message may hold the address, and so the password
    const hint = error instanceof Error && error.name.startsWith('Mongo') ? ` (${masked(error.message)})` : ''
    throw MongoErrors.URL_INVALID({
      message: `storage-mongo cannot read the address of the database${hint}.\n  Name it like storageMongo({ url: 'mongodb://127.0.0.1:27017/chat' }).`,
    })
  }
}

const masked = (text: string) => text.replaceAll(/\/\/[^@/\s]*@/g, '//…@')

const addresses = (client: MongoClient) =>
  client.options.srvHost ?? client.options.hosts.map((host) => host.toString()).join(', ')

async function inspect(client: MongoClient, config: MongoConfig): Promise<Omit<Connected, 'client' | 'close'>> {
  // the driver's own default is `test`
  const named = client.options.dbName === 'test' ? '' : client.options.dbName
  const name = config.database || named || 'natter'
  await client.connect()
  const admin = client.db('admin')
  const hello = (await admin.command({ hello: 1 })) as { setName?: string; msg?: string }
  if (hello.setName === undefined) throw noSet(hello.msg === 'isdbgrid')
  const { version } = (await admin.command({ buildInfo: 1 })) as { version: string }
  if (Number.parseInt(version, 10) < oldest) {
    throw MongoErrors.VERSION_OLD({
      message: `The database is MongoDB ${version}; storage-mongo needs ${oldest}.0 or newer.\n  Update it.`,
    })
  }
  const settings = await readSettings(admin)
  const durable = checkDurability(settings, config.durability)
  // a set that acknowledges from memory is not slowed down by one who accepted that by name
  const journal = config.durability === 'full' || settings.writeConcernMajorityJournalDefault !== false
  const db = client.db(name, {
    readConcern: new ReadConcern('majority'),
    readPreference: 'primary',
    writeConcern: { w: 'majority', journal, wtimeoutMS: patience.written },
    // as we count on, whatever the host's own client does
    ignoreUndefined: false,
    promoteValues: true,
    promoteLongs: true,
    useBigInt64: false,
    raw: false,
  })
  const sync = durable ? 'majority and journal' : 'not durable: a power cut can lose messages'
  return { db, durable, description: `${name} at ${addresses(client)} (MongoDB ${version}, ${sync})` }
}

function noSet(sharded: boolean): Error {
  if (!sharded) return MongoErrors.REPLICA_SET_REQUIRED()
  return MongoErrors.REPLICA_SET_REQUIRED({
    message:
      'The database is a sharded cluster, on which storage-mongo was not tried.\n  Give the address of a replica set.',
  })
}

/** One line for who starts the server. */
function readable(error: unknown, client: MongoClient): unknown {
  const { name, code } = error as { name?: string; code?: unknown }
  if (name === undefined || !name.startsWith('Mongo')) return error
  if (loginCodes.has(code) || code === 13 || code === 11) return MongoErrors.LOGIN_REFUSED({ cause: error })
  const { replicaSet } = client.options
  const named = replicaSet ? `, and that its replica set is called "${replicaSet}"` : ''
  return StorageErrors.UNAVAILABLE({
    message: `storage-mongo cannot reach a MongoDB that takes writes at ${addresses(client)}: ${masked((error as Error).message)}.\n  Check the address${named ? '' : ', and'}, that the server runs${named}.`,
    cause: error,
  })
}
