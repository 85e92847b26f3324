import type { Kv } from '@natter/core/contract'
import type { Clock } from '@natter/core'
import { checkKvKey, checkKvValue, kvExpiry } from '@natter/core/storage'
import type { Dialect, Session } from './database.js'
import { deleteReturning, statement } from './statement.js'

/** A key space. What has expired is not there any more, whether or not it was swept away. */
export function sqlKv(session: Session, { knex, tables }: Dialect, clock: Pick<Clock, 'now'>, space: string): Kv {
  const table = tables.own('kv')
  const rowOf = (key: string, value: string, options?: { readonly ttlMs?: number }) => ({
    space,
    key: checkKvKey(key),
    value: checkKvValue(value),
    expires: kvExpiry(clock.now(), options) ?? null,
  })
  const at = (key: string) => knex(table).where({ space, key: checkKvKey(key) })
  const live = (row: readonly unknown[] | undefined) =>
    row && (row[1] === null || clock.now() < (row[1] as number)) ? (row[0] as string) : undefined

  return {
    async get(key) {
      return live((await session.read(statement(at(key).select('value', 'expires'), true))).rows[0])
    },
    async set(key, value, options) {
      const insert = knex(table)
        .insert(rowOf(key, value, options))
        .onConflict(['space', 'key'])
      await session.write(statement(insert.merge(['value', 'expires']), false))
    },
    async add(key, value, options) {
      const insert = knex(table)
        .insert(rowOf(key, value, options))
        .onConflict(['space', 'key'])
      const over = insert.merge(['value', 'expires']).where(`${table}.expires`, '<=', clock.now())
      return (await session.write(statement(over, false))).changes > 0
    },
    async take(key) {
      return live((await session.write(deleteReturning(knex, at(key), ['value', 'expires']))).rows[0])
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
