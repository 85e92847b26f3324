import { join } from 'node:path'
import test from 'ava'
import { field, model } from '@natter/core/contract'
import { modelRules } from '@natter/core/storage'
import { FakeClock } from '@natter/testkit'
import Knex from 'knex'
import type { Session, Statement } from '#src/database.js'
import { sqlRecords } from '#src/sql-records.js'
import { openFile, tempFolder } from './temp-store.js'

const post = model('post', {
  fields: { room: field.id(), id: field.int(), author: field.id(), score: field.int({ optional: true }) },
  key: ['room', 'id'],
  indexes: [['author', 'score']],
})

test('a page of rows reads along one index, without sorting and without reading the table', async (t) => {
  const store = await openFile(join(tempFolder(t), 'chat.db'), {
    models: [{ plugin: 'suite', model: post }],
    clock: new FakeClock(),
  })
  t.teardown(() => store.close())
  const asked: Statement[] = []
  const session: Pick<Session, 'read'> = {
    async read(statement) {
      asked.push(statement)
      return {
        rows: [
          ['r', 1, 'a', 1],
          ['r', 2, 'a', 1],
        ],
        changes: 0,
      }
    },
  }
  const knex = Knex.knex({ client: 'better-sqlite3', useNullAsDefault: true })
  const posts = sqlRecords<typeof post>(session as Session, knex, modelRules('suite', post), () => undefined)
  for (const where of [
    { room: 'r' },
    { room: 'r', id: { gt: 5 } },
    { author: 'a' },
    { author: 'a', score: 1 },
  ] as const) {
    for (const dir of ['asc', 'desc'] as const) {
      const { next } = await posts.page(where, { dir, limit: 1 })
      await posts.page(where, { dir, limit: 1, after: next! })
    }
  }
  t.is(asked.length, 16)
  for (const { sql, bindings } of asked) {
    const { rows } = await store.native('sql')!.read({ sql: `explain query plan ${sql}`, bindings, rows: true })
    const plan = rows.map((row) => row[3]).join('; ')
    t.regex(plan, /SEARCH/, sql)
    t.notRegex(plan, /SCAN|TEMP B-TREE/, `${sql}: ${plan}`)
  }
})
