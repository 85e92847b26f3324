import test from 'ava'
import pg from 'pg'
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
async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
const nameOf = (url: string) => new URL(url).pathname.slice(1)

await onServers(test, ['postgres'], (server) => {
  storageConformance<Opened>(test.serial, {
    name: 'postgres',
    open: async (setting) => openAt(await server.database(), setting),
    reopen: ({ url }, setting) => openAt(url, setting),
    beside: ({ url }, setting) => openAt(url, setting),
    elsewhere: { module: new URL('./fixtures/open-url.js', import.meta.url), place: ({ url }) => url },
    refuse: ({ url }, text) =>
      run(
        url,
        `create function refuse() returns trigger language plpgsql as $$ begin
           if position('${text}' in new.body) > 0 then raise exception 'refused'; end if; return new; end $$;
         create trigger refuse before insert on natter_entry for each row execute function refuse()`,
      ),
    async copy({ url }) {
      const copied = await server.database()
      await run(server.found.url, `drop database "${nameOf(copied)}"`)
      await run(server.found.url, `create database "${nameOf(copied)}" template "${nameOf(url)}"`)
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
