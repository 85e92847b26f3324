import { MongoClient } from 'mongodb'

/** Copies the collections of a database that nobody uses, with their indexes, as a backup that is restored. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const [source, target] = [new MongoClient(from), new MongoClient(to)]
  try {
    for (const { name } of await source.db().listCollections({}, { nameOnly: true }).toArray()) {
      const rows = source.db().collection(name)
      const indexes = (await rows.indexes()).filter((index) => index['name'] !== '_id_')
      await target.db().createCollection(name)
      if (indexes.length > 0)
        await target
          .db()
          .collection(name)
          .createIndexes(indexes as never)
      for await (const row of rows.find()) await target.db().collection(name).insertOne(row)
    }
  } finally {
    await Promise.all([source.close(), target.close()])
  }
}
