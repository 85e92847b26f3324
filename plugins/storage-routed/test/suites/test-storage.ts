// What TEST_STORAGE names: `…/test-storage.js?store=postgres` gives each test a database of its own there.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plugin } from '@natter/core'
import { findServer } from '@natter/servers'
import type { DatabaseKind } from '@natter/servers'
import { mongoStore, storageMongo } from '@natter/storage-mongo'
import { storageRouted } from '@natter/storage-routed'
import { sqlStore, storageSql } from '@natter/storage-sql'
import type { TestContext } from '@natter/testkit'
import type { StoreName } from './stores.js'
import { Turns } from './turns.js'

/** A server takes so many connections, and a machine so much work. */
const turns = new Turns(8)
const connections = 3
const store = new URL(import.meta.url).searchParams.get('store') as StoreName

/** A storage plugin on a new and empty database, which goes with the test. */
export async function testStorage(t: TestContext): Promise<Plugin> {
  await turns.take(t, (run) => t.teardown(run))
  switch (store) {
    case 'sqlite':
      return storageSql({ url: `sqlite:${join(folder(t), 'chat.db')}` })
    case 'postgres':
    case 'mariadb':
      return storageSql({ url: await scratch(t, store), connections })
    case 'mongo':
      return storageMongo({ url: await scratch(t, 'mongo') })
    case 'combined': {
      const [sql, mongo] = await Promise.all([scratch(t, 'postgres'), scratch(t, 'mongo')])
      const stores = { sql: sqlStore({ url: sql, connections }), mongo: mongoStore({ url: mongo }) }
      return storageRouted({ stores, log: 'mongo', records: { default: 'sql' } })
    }
  }
}

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'natter-suite-'))
  t.teardown(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** The server was found before, and its address is in the environment. */
async function scratch(t: TestContext, kind: DatabaseKind): Promise<string> {
  const server = await findServer(kind)
  if ('missing' in server) throw new Error(server.missing)
  const { url, drop } = await server.scratch()
  t.teardown(drop)
  return url
}
