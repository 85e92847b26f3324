import test from 'ava'
import { MongoClient } from 'mongodb'
import { storageConformance } from '@natter/testkit'
import type { OpenStore, StoreSetting } from '@natter/testkit'
import { openRouted } from './routed.js'
import { sourcesAt, SqlAndMongo } from './sql-and-mongo.js'
import type { Place } from './sql-and-mongo.js'

interface Opened extends OpenStore {
  readonly place: Place
}

async function openAt(place: Place, setting: StoreSetting): Promise<Opened> {
  const { storage, close } = await openRouted(sourcesAt(place), {}, setting)
  return { storage, place, close: async () => close() }
}

const servers = await SqlAndMongo.find(test)
if (servers) {
  storageConformance<Opened>(test.serial, {
    name: 'sql + mongo',
    open: async (setting) => openAt(await servers.place(), setting),
    reopen: ({ place }, setting) => openAt(place, setting),
    beside: ({ place }, setting) => openAt(place, setting),
    elsewhere: { module: new URL('./fixtures/open-elsewhere.js', import.meta.url), place: ({ place }) => place },
    async refuse({ place }, text) {
      const client = new MongoClient(place.mongo)
      await client.db().command({ collMod: 'natter_log', validator: { p: { $not: { $regex: text } } } })
      await client.close()
    },
    async copy({ place }) {
      const copied = await servers.copy(place)
      return (setting) => openAt(copied, setting)
    },
    without: ['older', 'bulk'],
  })
}
