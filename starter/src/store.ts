import type { Plugin } from '@natter/core'
import { mongoStore, storageMongo } from '@natter/storage-mongo'
import { storageRouted } from '@natter/storage-routed'
import { sqlStore, storageSql } from '@natter/storage-sql'
import type { Settings } from './settings.js'

/**
 * Where everything is kept: in SQL, in MongoDB when that is named alone, and with both accounts and all other rows in SQL,
 * messages in MongoDB.
 */
export function store({ databaseUrl: sql, mongoUrl: mongo }: Pick<Settings, 'databaseUrl' | 'mongoUrl'>): Plugin {
  if (mongo === undefined) return storageSql({ url: sql })
  if (sql === undefined) return storageMongo({ url: mongo })
  return storageRouted({
    stores: { sql: sqlStore({ url: sql }), mongo: mongoStore({ url: mongo }) },
    log: 'mongo',
    records: { default: 'sql' },
  })
}
