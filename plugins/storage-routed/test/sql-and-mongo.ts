import { MongoClient } from 'mongodb'
import pg from 'pg'
import { findServer } from '@natter/servers'
import type { FoundServer, ScratchDatabase } from '@natter/servers'
import { mongoStore } from '@natter/storage-mongo'
import { sqlStore } from '@natter/storage-sql'

/** Where the two databases are. */
export interface Place {
  readonly sql: string
  readonly mongo: string
}
export const sourcesAt = ({ sql, mongo }: Place) => ({ sql: sqlStore({ url: sql }), mongo: mongoStore({ url: mongo }) })

/** What is used of AVA's `test`. */
interface Registers {
  readonly skip: (title: string, run: (t: { fail(): boolean }) => void) => void
  readonly after: { readonly always: (run: () => Promise<void>) => void }
}

/** PostgreSQL and MongoDB, for a file of tests. */
export class SqlAndMongo {
  readonly #sql: FoundServer
  readonly #mongo: FoundServer
  readonly #databases: ScratchDatabase[] = []

  private constructor(sql: FoundServer, mongo: FoundServer) {
    this.#sql = sql
    this.#mongo = mongo
  }

  /** Ends behind the tests; where one is missing, a skipped test says why. */
  static async find(test: Registers): Promise<SqlAndMongo | undefined> {
    const [sql, mongo] = await Promise.all([findServer('postgres'), findServer('mongo')])
    if ('missing' in sql || 'missing' in mongo) {
      for (const one of [sql, mongo]) {
        if ('missing' in one) test.skip(`MISSING: ${one.missing}`, (t) => void t.fail())
        else test.after.always(() => one.stop())
      }
      return undefined
    }
    const found = new SqlAndMongo(sql, mongo)
    test.after.always(() => found.#stop())
    return found
  }

  /** Two new and empty databases. */
  async place(): Promise<Place> {
    const [sql, mongo] = await Promise.all([this.#sql.scratch(), this.#mongo.scratch()])
    this.#databases.push(sql, mongo)
    return { sql: sql.url, mongo: mongo.url }
  }

  /** The same data in two new databases; nobody uses them. */
  async copy({ sql, mongo }: Place): Promise<Place> {
    const to = await this.place()
    await runSql(this.#sql.url, `drop database "${nameOf(to.sql)}"`)
    await runSql(this.#sql.url, `create database "${nameOf(to.sql)}" template "${nameOf(sql)}"`)
    await copyMongo(mongo, to.mongo)
    return to
  }

  async #stop(): Promise<void> {
    // of a server that ends with the tests there is nothing to remove
    for (const database of this.#databases) {
      const { from } = database.url.startsWith('mongodb') ? this.#mongo : this.#sql
      if (from === 'address') await database.drop()
    }
    await Promise.all([this.#sql.stop(), this.#mongo.stop()])
  }
}

const nameOf = (url: string) => new URL(url).pathname.slice(1)

async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

async function copyMongo(from: string, to: string): Promise<void> {
  const [source, target] = [new MongoClient(from), new MongoClient(to)]
  try {
    for (const { name } of await source.db().listCollections({}, { nameOnly: true }).toArray()) {
      const indexes = (await source.db().collection(name).indexes()).filter((index) => index['name'] !== '_id_')
      const copy = await target.db().createCollection(name)
      if (indexes.length > 0) await copy.createIndexes(indexes as never)
      for await (const row of source.db().collection(name).find()) await copy.insertOne(row)
    }
  } finally {
    await Promise.all([source.close(), target.close()])
  }
}
