import type { DatabaseKind, ServerSettings } from '@natter/servers'
import type { Durability, OpenedStore } from '../process/stores.js'

/** Files that a server makes at once are small, so that a copy of the disk is quick. */
const small: Readonly<Record<DatabaseKind, ServerSettings>> = {
  postgres: { shared_buffers: '32MB' },
  mariadb: { 'innodb-log-file-size': '16M', 'innodb-buffer-pool-size': '64M' },
  mongo: {},
}
/**
 * Servers that hold back what they acknowledge, and longer than usual, so that a cut meets it. Of PostgreSQL it is the
 * store that asks for no sync.
 */
const weak: Readonly<Record<DatabaseKind, ServerSettings>> = {
  postgres: { wal_writer_delay: '10s' },
  mariadb: { 'innodb-flush-log-at-trx-commit': 0, 'innodb-flush-log-at-timeout': 2_700 },
  mongo: { journalCommitInterval: 500 },
}

export const settingsFor = (kind: DatabaseKind, durability: Durability): ServerSettings =>
  durability === 'full' ? small[kind] : { ...small[kind], ...weak[kind] }

/** Makes a majority of a replica set acknowledge from memory. */
export async function weakenSet(store: OpenedStore): Promise<void> {
  const admin = store.native('mongo')!.db.admin()
  const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: { readonly version: number } }
  const weaker = { ...config, version: config.version + 1, writeConcernMajorityJournalDefault: false }
  await admin.command({ replSetReconfig: weaker })
}
