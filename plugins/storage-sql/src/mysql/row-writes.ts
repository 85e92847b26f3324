import { NatterError, StorageErrors } from '@natter/core/contract'
import type { Cells, Condition } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Statement } from '../database.js'
import { named, prepared, where } from '../row-writes.js'
import type { RowTable, RowWrites } from '../row-writes.js'
import type { ServerInside } from '../server/server-session.js'
import { statement } from '../statement.js'

const isThere = (error: unknown): error is NatterError => NatterError.is(error) && error.code === 'STORAGE_EXISTS'
/** Of MariaDB `'PRIMARY'`, of MySQL `'table.PRIMARY'`. The key is looked at before the other unique indexes. */
const namesKey = ({ cause }: NatterError) =>
  /for key '(?:.*\.)?PRIMARY'$/.test((cause as Error | undefined)?.message ?? '')
/** So often a row may come and go between an update and an insert. */
const mostTries = 100

/**
 * Writes of rows for MySQL and MariaDB. They give nothing back from an update, and `insert ignore` and `on duplicate key`
 * forgive more than the key: so a row is inserted or updated, never both, and what must be given back is read in the same
 * transaction, behind its lock.
 */
export function mysqlRowWrites(session: ServerInside, knex: Knex, { table, names, key }: RowTable): RowWrites {
  const others = names.filter((name) => !key.includes(name))
  const plainInsert = prepared(() => statement(knex(table).insert(named(names)), false))
  const found = (of: Cells, conditions: readonly Condition[]) => where(knex(table).where(of), conditions)
  const look = (of: Cells): Statement =>
    statement(
      knex(table)
        .where(of)
        .select([...names]),
      true,
    )
  const keyOf = (cells: Cells) => Object.fromEntries(key.map((name) => [name, cells[name]!]))

  /** @returns what is there already: a row of the same key, or another one with its unique values. */
  async function insert(cells: Cells): Promise<'key' | 'values' | undefined> {
    try {
      await session.write(plainInsert(cells))
      return undefined
    } catch (error) {
      if (isThere(error)) return namesKey(error) ? 'key' : 'values'
      throw error
    }
  }

  return {
    insert: async (cells) => (await insert(cells)) === undefined,
    async insertOver(cells, over) {
      const of = keyOf(cells)
      const values = Object.fromEntries(others.map((name) => [name, cells[name] ?? null]))
      for (let tries = 1; tries <= mostTries; tries++) {
        if (others.length > 0) {
          const updated = found(of, over ? [over] : []).update(values)
          if ((await session.write(statement(updated, false))).changes > 0) return true
        }
        const there = await insert(cells)
        if (there === undefined) return true
        if (over) return false
        if (there === 'values') throw StorageErrors.EXISTS()
        if (others.length === 0) return true
        // it came after the update and may be gone again
      }
      throw StorageErrors.BUSY()
    },
    update: ({ key: of, conditions }, values) =>
      session.transact(async (wire) => {
        const changed = statement(found(of, conditions).update(values), false)
        const [updated, row] = await wire.run([changed, look(of)])
        return updated!.changes > 0 ? row!.rows[0] : undefined
      }),
    take: ({ key: of, conditions }) =>
      session.transact(async (wire) => {
        const locked = found(of, conditions)
          .select([...names])
          .forUpdate()
        const [row] = (await wire.run([statement(locked, true)]))[0]!.rows
        // a row that comes meanwhile is not this one
        if (row !== undefined) await wire.run([statement(knex(table).where(of).delete(), false)])
        return row
      }),
  }
}
