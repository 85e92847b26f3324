import test from 'ava'
import mysql from 'mysql2/promise'
import { configSchema, openStore } from '@natter/storage-sql'
import { FakeClock, storageConformance } from '@natter/testkit'
import type { OpenStore, StoreSetting } from '@natter/testkit'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

interface Opened extends OpenStore {
  readonly url: string
}

async function openAt(url: string, setting: StoreSetting): Promise<Opened> {
  const storage = await openUrl(url, setting)
  return { storage, url, close: () => storage.close() }
}

await onServers(test, ['mariadb'], (server) => {
  storageConformance<Opened>(test.serial, {
    name: 'mariadb',
    open: async (setting) => openAt(await server.database(), setting),
    reopen: ({ url }, setting) => openAt(url, setting),
    beside: ({ url }, setting) => openAt(url, setting),
    elsewhere: { module: new URL('./fixtures/open-url.js', import.meta.url), place: ({ url }) => url },
    async refuse({ url }, text) {
      const connection = await mysql.createConnection(url)
      await connection.query(
        `create trigger refuse before insert on natter_entry for each row
         if locate(?, new.body) > 0 then signal sqlstate '45000' set message_text = 'refused'; end if`,
        [text],
      )
      await connection.end()
    },
    async copy({ url }) {
      const copied = await server.database()
      const connection = await mysql.createConnection(url)
      const to = new URL(copied).pathname.slice(1)
      const [tables] = await connection.query<mysql.RowDataPacket[]>({ sql: 'show tables', rowsAsArray: true })
      for (const [table] of tables as unknown as readonly string[][]) {
        await connection.query('create table ??.?? like ??', [to, table, table])
        await connection.query('insert into ??.?? select * from ??', [to, table, table])
      }
      await connection.end()
      return (setting) => openAt(copied, setting)
    },
    bulk: async (closed) => {
      const url = closed?.url ?? (await server.database())
      const storage = await openStore(configSchema.parse({ url }), new FakeClock())
      return { storage, url, close: () => storage.close() }
    },
    without: ['older'],
  })
})
