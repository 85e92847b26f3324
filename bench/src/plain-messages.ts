// Only the library of the database that is asked for is loaded.

/** A message as one would keep it without a framework. */
export interface PlainMessage {
  readonly conversation: string
  readonly seq: number
  readonly from: string
  readonly clientId: string
  readonly at: number
  readonly text: string
}

/** Messages kept by the database's usual library alone: a table or collection, an index, one statement for each call. */
export interface PlainMessages {
  insert(message: PlainMessage): Promise<void>
  fill(messages: readonly PlainMessage[]): Promise<void>
  /** The newest before a seq, ascending. */
  page(conversation: string, before: number, limit: number): Promise<readonly object[]>
  close(): Promise<void>
}

export const plainMessages = (url: string): Promise<PlainMessages> =>
  url.startsWith('mongodb:') ? inMongo(url) : inSql(url)

async function inSql(url: string): Promise<PlainMessages> {
  const { plainKnex } = await import('./plain-knex.js')
  const knex = plainKnex(url)
  await knex.schema.createTable('message', (table) => {
    table.string('conversation', 64).notNullable()
    table.integer('seq').notNullable()
    table.string('from', 64).notNullable()
    table.string('clientId', 64).notNullable()
    table.bigInteger('at').notNullable()
    table.text('text').notNullable()
    table.primary(['conversation', 'seq'])
    table.unique(['conversation', 'from', 'clientId'])
  })
  return {
    insert: async (message) => void (await knex('message').insert(message)),
    fill: async (messages) => void (await knex.batchInsert('message', [...messages], 100)),
    async page(conversation, before, limit) {
      const found = (await knex('message')
        .select('seq', 'from', 'clientId', 'at', 'text')
        .where({ conversation })
        .andWhere('seq', '<', before)
        .orderBy('seq', 'desc')
        .limit(limit)) as object[]
      return found.reverse()
    },
    close: () => knex.destroy(),
  }
}

async function inMongo(url: string): Promise<PlainMessages> {
  const { MongoClient } = await import('mongodb')
  const client = await MongoClient.connect(url, { writeConcern: { w: 'majority', journal: true } })
  const messages = client.db().collection<PlainMessage>('message')
  await messages.createIndex({ conversation: 1, seq: 1 }, { unique: true })
  await messages.createIndex({ conversation: 1, from: 1, clientId: 1 }, { unique: true })
  return {
    insert: async (message) => void (await messages.insertOne({ ...message })),
    fill: async (many) => void (await messages.insertMany(many.map((message) => ({ ...message })))),
    async page(conversation, before, limit) {
      const found = await messages
        .find({ conversation, seq: { $lt: before } }, { projection: { _id: 0, conversation: 0 } })
        .sort({ seq: -1 })
        .limit(limit)
        .toArray()
      return found.reverse()
    },
    close: () => client.close(),
  }
}
