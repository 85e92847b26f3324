import { StorageErrors } from '@natter/core/contract'
import type { Bulk } from '@natter/core/contract'
import { bulkReads, ownSpace } from './bulk-reads.js'
import type { Place } from './bulk-reads.js'
import { bulkWrites } from './bulk-writes.js'
import type { Database, Session } from './database.js'
import { widenStore } from './sql-schema.js'
import { statement } from './statement.js'

/** Where a store notes that it is the target of a copy. */
const copying = { space: ownSpace, key: 'copy' }

/** @throws STORAGE_UNFINISHED */
export async function refuseUnfinished({ knex, tables }: Database, inside: Session): Promise<void> {
  const note = knex(tables.own('kv')).select('value').where(copying)
  if ((await inside.read(statement(note, true))).rows.length > 0) throw StorageErrors.UNFINISHED()
}

/**
 * An SQL store from end to end. Lines and the place behind them are one transaction; where changes of the schema are no part
 * of one, a model that is there already is found as it should be.
 */
export function sqlBulk(database: Database): Bulk {
  const { knex, tables } = database
  const reads = bulkReads(database)
  const writes = bulkWrites(database)
  const note = (source: string, place?: string) =>
    knex(tables.own('kv'))
      .insert({ ...copying, value: JSON.stringify({ source, place }), expires: null })
      .onConflict(['space', 'key'])
      .merge(['value'])
  const noted = async (inside: Session) => {
    const query = knex(tables.own('kv')).select('value').where(copying)
    const [row] = (await inside.read(statement(query, true))).rows
    return row && (JSON.parse(row[0] as string) as { readonly source: string; readonly place?: string })
  }

  return {
    async read(part, after, limit) {
      const place = after === undefined ? undefined : (JSON.parse(after) as Place)
      const found = await reads[part](place, limit + 1)
      const lines = found.slice(0, limit)
      const next = found.length > limit ? JSON.stringify(lines.at(-1)![1]) : undefined
      return { lines: lines.map(([line]) => line), next }
    },
    begin: (source) =>
      database.exclusive(async (inside) => {
        await widenStore(database, inside)
        const earlier = await noted(inside)
        if (earlier) {
          if (earlier.source !== source) throw StorageErrors.NOT_EMPTY()
          return earlier.place
        }
        for (const table of ['conversation', 'incarnation', 'kv', 'schema', 'step'] as const) {
          const any = knex(tables.own(table)).select(knex.raw('1')).limit(1)
          if ((await inside.read(statement(any, true))).rows.length > 0) throw StorageErrors.NOT_EMPTY()
        }
        await inside.write(statement(note(source), false))
        return undefined
      }),
    write: (part, lines, place) =>
      database.exclusive(async (inside) => {
        const { source } = (await noted(inside))!
        if (lines.length > 0) await writes[part](inside, lines)
        await inside.write(statement(note(source, place), false))
      }),
    async finish() {
      await database.write(statement(knex(tables.own('kv')).where(copying).delete(), false))
    },
  }
}
