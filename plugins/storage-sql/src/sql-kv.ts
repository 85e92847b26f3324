import type { Kv } from '@natter/core/contract'
import type { Clock } from '@natter/core'
import { checkKvKey, checkKvValue, kvExpiry } from '@natter/core/storage'
import type { Cells } from '@natter/core/storage'
import type { Dialect, Session } from './database.js'
import { statement } from './statement.js'

/** A key space. What has expired is not there any more, whether or not it was swept away. */
export function sqlKv(
  session: Session,
  { knex, tables, rowWrites }: Dialect,
  clock: Pick<Clock, 'now'>,
  space: string,
): Kv {
  const table = tables.own('kv')
  const writes = rowWrites(session, { table, names: ['space', 'key', 'value', 'expires'], key: ['space', 'key'] })
  const cellsOf = (key: string, value: string, options?: { readonly ttlMs?: number }): Cells => {
    const expires = kvExpiry(clock.now(), options)
    return { space, key: checkKvKey(key), value: checkKvValue(value), ...(expires !== undefined && { expires }) }
  }
  const at = (key: string) => knex(table).where({ space, key: checkKvKey(key) })
  const live = (row: readonly unknown[] | undefined) =>
    row && (row[1] === null || clock.now() < (row[1] as number)) ? (row[0] as string) : undefined

  return {
    async get(key) {
      return live((await session.read(statement(at(key).select('value', 'expires'), true))).rows[0])
    },
    async set(key, value, options) {
      await writes.insertOver(cellsOf(key, value, options))
    },
    async add(key, value, options) {
      const expired = { column: 'expires', op: 'lte', values: [clock.now()] } as const
      return writes.insertOver(cellsOf(key, value, options), expired)
    },
    async take(key) {
      return live((await writes.take({ key: { space, key: checkKvKey(key) }, conditions: [] }))?.slice(2))
    },
    async delete(key) {
      await session.write(statement(at(key).delete(), false))
    },
  }
}

/** Removes what had expired at both of two looks. */
export async function sweepKv(session: Session, { knex, tables }: Dialect, before: number, now: number): Promise<void> {
  await session.write(statement(knex(tables.own('kv')).where('expires', '<=', Math.min(before, now)).delete(), false))
}
