import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import type { Engine } from '../engine.js'
import { cacheFolder } from '../cache-folder.js'
import { findProgram } from '../find-program.js'
import { serverNames } from '../server-names.js'

/** The name of every replica set that we start. */
export const setName = 'natter'

export const mongo: Engine = {
  ...serverNames.mongo,
  stopSignal: 'SIGTERM',
  refusesRoot: false,
  find(env) {
    const server = findProgram('mongod', env) ?? findProgram('mongod', {}, [mongodFolder(env)])
    return server ? { server } : undefined
  },
  prepare: () => [],
  serve({ server = '' }, data, port, settings) {
    const all = {
      dbpath: data,
      port,
      bind_ip: '127.0.0.1',
      replSet: setName,
      oplogSize: 64,
      // Of a log of 100 MB, most would be written and never used. Files that nobody uses are closed after 30 s and not 600:
      // tests make and drop so many collections that it would end for want of files.
      wiredTigerEngineConfigString:
        'log=(file_max=10MB),file_manager=(close_idle_time=30,close_handle_minimum=250,close_scan_interval=10)',
      wiredTigerCacheSizeGB: 0.25,
      ...settings,
    }
    const parameters = ['diagnosticDataCollectionEnabled=false', 'shutdownTimeoutMillisForSignaledShutdown=100']
    return {
      command: server,
      args: [
        '--nounixsocket',
        ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]),
        ...parameters.flatMap((parameter) => ['--setParameter', parameter]),
      ],
    }
  },
  url: (port) => `mongodb://127.0.0.1:${port}/?replicaSet=${setName}`,
  async begin(port) {
    await ask(`mongodb://127.0.0.1:${port}/?directConnection=true`, (client) =>
      client
        .db('admin')
        .command({ replSetInitiate: { _id: setName, members: [{ _id: 0, host: `127.0.0.1:${port}` }] } }),
    )
  },
  hello: (url) =>
    ask(url, async (client) => {
      const admin = client.db('admin')
      const { version } = (await admin.command({ buildInfo: 1 })) as { version: string }
      const options = await admin.command({ getCmdLineOpts: 1 }).catch(() => ({}))
      const { storage } = ((options as { parsed?: object }).parsed ?? {}) as { storage?: { dbPath?: string } }
      return { version, data: storage?.dbPath ?? '' }
    }),
  create: (url, name) => Promise.resolve(withDatabase(url, name)),
  async drop(url, name) {
    await ask(url, (client) => client.db(name).dropDatabase())
  },
}

/** Where an installed `mongod` is. */
export function mongodFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), 'mongod-6.0.5')
}

/** By hand, as an address may name several servers, and `URL` knows one. */
function withDatabase(url: string, name: string): string {
  const [, start = '', path = '/', query = ''] = /^([^/]*\/\/[^/?]*)(\/[^?]*)?(?:\?(.*))?$/.exec(url) ?? []
  const options = new URLSearchParams(query)
  // Without this, a name in the address would be where the account is looked for.
  if (start.includes('@') && !options.has('authSource')) options.set('authSource', path.slice(1) || 'admin')
  const rest = options.toString()
  return `${start}/${name}${rest && `?${rest}`}`
}

async function ask<T>(url: string, question: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000, connectTimeoutMS: 5_000 })
  try {
    await client.connect()
    return await question(client)
  } finally {
    await client.close().catch(() => undefined)
  }
}
