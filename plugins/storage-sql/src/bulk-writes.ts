import type { BulkLines, BulkPart } from '@natter/core/contract'
import { bulkModel, modelRules } from '@natter/core/storage'
import { personOf } from './bulk-reads.js'
import type { Binding, Database, Session } from './database.js'
import { widenModel } from './sql-schema.js'
import { statement } from './statement.js'

export type BulkWrites = {
  readonly [P in BulkPart]: (inside: Session, lines: readonly BulkLines[P][]) => Promise<void>
}
type Cells = Readonly<Record<string, Binding>>

/** What one statement may hold: SQLite takes 500 rows and 32,766 values, MariaDB 16 MiB when nobody set it otherwise. */
const most = { rows: 400, values: 10_000, characters: 512 * 1024 }

/** Rows of the same columns, as many together as a statement may hold. A row that is too large alone goes alone. */
export function statementsOf(rows: readonly Cells[]): readonly (readonly Cells[])[] {
  const statements: Cells[][] = []
  let [values, characters] = [0, 0]
  for (const row of rows) {
    const cells = Object.values(row)
    const size = cells.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 0), 0)
    values += cells.length
    characters += size
    const last = statements.at(-1)
    if (last && last.length < most.rows && values <= most.values && characters <= most.characters) last.push(row)
    else {
      statements.push([row])
      ;[values, characters] = [cells.length, size]
    }
  }
  return statements
}

/** Takes the lines of another store. */
export function bulkWrites(database: Database): BulkWrites {
  const { knex, tables } = database
  const person = personOf(database)
  const insert = async (inside: Session, table: string, rows: readonly Cells[]) => {
    for (const some of statementsOf(rows)) await inside.write(statement(knex(table).insert(some), false))
  }
  /** The numbers of the conversations that lines are in. */
  const numbers = async (inside: Session, lines: readonly { readonly conversation: string }[]) => {
    const ids = [...new Set(lines.map(({ conversation }) => conversation))]
    const query = knex(tables.own('conversation')).select('id', 'num').whereIn('id', ids)
    const found = new Map((await inside.read(statement(query, true))).rows as readonly [string, number][])
    return (id: string) => found.get(id)!
  }

  return {
    async model(inside, lines) {
      for (const line of lines) await widenModel(database, inside, modelRules(line.plugin, bulkModel(line)).shape)
    },
    step: (inside, lines) => insert(inside, tables.own('step'), lines),
    start: (inside, lines) =>
      insert(
        inside,
        tables.own('incarnation'),
        lines.map(({ incarnation, mark }) => ({ id: incarnation, mark })),
      ),
    async mark(inside, [line]) {
      const set = knex(tables.own('meta')).where({ name: 'mark' }).update({ value: line!.mark })
      await inside.write(statement(set, false))
    },
    kv: (inside, lines) =>
      insert(
        inside,
        tables.own('kv'),
        lines.map(({ expires = null, ...line }) => ({ ...line, expires })),
      ),
    conversation: (inside, lines) =>
      insert(
        inside,
        tables.own('conversation'),
        lines.map(({ seq, ...line }) => ({ ...line, head: seq })),
      ),
    async member(inside, lines) {
      const num = await numbers(inside, lines)
      const rows = lines.map(({ conversation, user, left, ...line }) => ({
        ...line,
        conv: num(conversation),
        [person]: user,
        left_at: left,
      }))
      await insert(inside, tables.own('member'), rows)
    },
    async entry(inside, lines) {
      const num = await numbers(inside, lines)
      const rows = lines.map(({ conversation, from, clientId, changedBy, ...line }) => ({
        ...line,
        conv: num(conversation),
        sender: from === '' ? null : from,
        client: clientId,
        changed: changedBy,
      }))
      await insert(inside, tables.own('entry'), rows)
    },
    async row(inside, lines) {
      const places = new Map<string, BulkLines['row'][]>()
      for (const line of lines) {
        const table = tables.placed(tables.model(line.plugin, line.model))
        places.set(table, [...(places.get(table) ?? []), line])
      }
      for (const [table, rows] of places) {
        const names = new Set(rows.flatMap(({ cells }) => Object.keys(cells)))
        await insert(
          inside,
          table,
          rows.map(({ cells }) => Object.fromEntries([...names].map((name) => [name, cells[name] ?? null]))),
        )
      }
    },
  }
}
