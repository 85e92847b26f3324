import { MongoClient } from 'mongodb'
import { createConnection } from 'mysql2/promise'
import type { RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import type { DatabaseKind } from '@natter/servers'

/** Texts in a database, kept by that server's own driver. */
export interface Notes {
  /** Resolves when it is committed. */
  put(url: string, text: string): Promise<void>
  all(url: string): Promise<string[]>
}

export const notes: Readonly<Record<DatabaseKind, Notes>> = {
  postgres: {
    put: (url, text) =>
      inPostgres(url, async (client) => {
        await client.query('create table if not exists note (text text)')
        await client.query('insert into note values ($1)', [text])
      }),
    all: (url) =>
      inPostgres(url, async (client) => {
        const { rows } = await client.query<{ text: string }>('select text from note order by text')
        return rows.map(({ text }) => text)
      }),
  },
  mariadb: {
    put: (url, text) =>
      inMariaDb(url, async (connection) => {
        await connection.query('create table if not exists note (text varchar(100)) engine=InnoDB')
        await connection.query('insert into note values (?)', [text])
      }),
    all: (url) =>
      inMariaDb(url, async (connection) => {
        const [rows] = await connection.query<RowDataPacket[]>('select text from note order by text')
        return rows.map(({ text }) => String(text))
      }),
  },
  mongo: {
    put: (url, text) =>
      inMongo(url, async (client) => {
        await client
          .db()
          .collection('note')
          .insertOne({ text }, { writeConcern: { w: 'majority', journal: true } })
      }),
    all: (url) =>
      inMongo(url, async (client) => {
        const found = await client.db().collection('note').find().sort({ text: 1 }).toArray()
        return found.map(({ text }) => String(text))
      }),
  },
}

export async function inPostgres<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  return work(client).finally(() => client.end())
}

export async function inMariaDb<T>(
  url: string,
  work: (connection: Awaited<ReturnType<typeof createConnection>>) => Promise<T>,
): Promise<T> {
  const connection = await createConnection(url)
  return work(connection).finally(() => connection.end())
}

export async function inMongo<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url)
  return work(client).finally(() => client.close())
}
