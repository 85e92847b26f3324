import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import Knex from 'knex'
import { WebSocketServer } from 'ws'
import { roomId, text, userId } from '../names.js'
import type { ServerPlan } from '../server-plan.js'
import type { Served } from './served.js'

const require = createRequire(import.meta.url)
const BetterSqlite3Client = require('knex/lib/dialects/better-sqlite3/index.js') as typeof Knex.Client

/** The driver of storage-sql under knex, so that both read by the same. */
class LibsqlClient extends BetterSqlite3Client {
  _driver(): unknown {
    return require('libsql')
  }
}

type Frame =
  | readonly ['hello', { readonly token: string }]
  | readonly ['q', number, string, { readonly conversation: string; readonly before: number; readonly limit: number }]

/** What one would write with knex: select the rows of a page, stringify them, send them. */
export async function serveKnexHistory({ file, entries }: ServerPlan & { kind: 'knex-history' }): Promise<Served> {
  const knex = Knex.knex({ client: LibsqlClient, connection: { filename: file }, useNullAsDefault: true })
  await knex.raw('pragma journal_mode = wal')
  await knex.schema.createTable('message', (table) => {
    table.text('conversation').notNullable()
    table.integer('seq').notNullable()
    table.text('from').notNullable()
    table.text('clientId').notNullable()
    table.bigInteger('at').notNullable()
    table.text('text').notNullable()
    table.primary(['conversation', 'seq'])
  })
  const rows = Array.from({ length: entries }, (_, i) => ({
    conversation: roomId,
    seq: i + 1,
    from: userId(i % 100),
    clientId: `seed-${i}`,
    at: Date.now(),
    text,
  }))
  await knex.batchInsert('message', rows, 100)

  const server = createServer()
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: () => 'natter.1',
  })
  let connections = 0
  sockets.on('connection', (socket) => {
    connections += 1
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame
      if (frame[0] === 'hello') {
        socket.send('["welcome",{}]')
        return
      }
      const [, rid, , { conversation, before, limit }] = frame
      void knex('message')
        .select('seq', 'from', 'clientId', 'at', 'text')
        .where({ conversation })
        .andWhere('seq', '<', before)
        .orderBy('seq', 'desc')
        .limit(limit)
        .then((found) => socket.send(JSON.stringify(['ok', rid, { entries: found.reverse() }])))
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      connections -= 1
    })
  })
  return { server, connections: () => connections }
}
