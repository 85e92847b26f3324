import test from 'ava'
import { MongoClient } from 'mongodb'
import type { FoundServer, ScratchDatabase } from '@natter/servers'
import { FakeClock, storageConformance } from '@natter/testkit'
import type { OpenStore, StoreSetting } from '@natter/testkit'
import { configSchema, openStore } from '@natter/storage-mongo'
import { copyDatabase } from './copy-database.js'
import { foundServer } from './found-server.js'
import { openUrl } from './temp-store.js'

interface Opened extends OpenStore {
  readonly url: string
}

const server = await foundServer(test)
if (server) conformance(server)

function conformance(found: FoundServer): void {
  /** A server slows down with thousands of files, so what earlier tests had is dropped while others run. */
  const scratches: ScratchDatabase[] = []
  const dropAll = async (but: number) => {
    while (scratches.length > but) await scratches.shift()!.drop()
  }
  // what a server that ends with the tests had goes with it
  if (found.from === 'address') test.after.always(() => dropAll(0))
  const fresh = async () => {
    await dropAll(8)
    const scratch = await found.scratch()
    scratches.push(scratch)
    return scratch.url
  }
  async function openAt(url: string, setting: StoreSetting): Promise<Opened> {
    const storage = await openUrl(url, setting)
    return { storage, url, close: () => storage.close() }
  }

  storageConformance<Opened>(test.serial, {
    name: 'mongo',
    open: async (setting) => openAt(await fresh(), setting),
    reopen: ({ url }, setting) => openAt(url, setting),
    beside: ({ url }, setting) => openAt(url, setting),
    elsewhere: { module: new URL('./fixtures/open-elsewhere.js', import.meta.url), place: ({ url }) => url },
    async refuse({ url }, text) {
      const client = new MongoClient(url)
      await client.db().command({ collMod: 'natter_log', validator: { p: { $not: { $regex: text } } } })
      await client.close()
    },
    async copy({ url }) {
      const copied = await fresh()
      await copyDatabase(url, copied)
      return (setting) => openAt(copied, setting)
    },
    async bulk(closed) {
      const url = closed?.url ?? (await fresh())
      const storage = await openStore(configSchema.parse({ url }), new FakeClock())
      return { storage, url, close: () => storage.close() }
    },
    without: ['older'],
  })
}
