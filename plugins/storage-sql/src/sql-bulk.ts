import { StorageErrors } from '@natter/core/contract'
import type { Bulk, BulkLines, BulkPart } from '@natter/core/contract'
import { bulkModel, modelRules } from '@natter/core/storage'
import type { StoredShape } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Binding, Database, Session } from './database.js'
import { widenModel, widenStore } from './sql-schema.js'
import { statement } from './statement.js'

type Row = readonly Binding[]
type Reads = {
  readonly [P in BulkPart]: (
    inside: Session,
    after: Row | undefined,
    limit: number,
  ) => Promise<readonly (readonly [BulkLines[P], place: Row])[]>
}
type Writes = { readonly [P in BulkPart]: (inside: Session, lines: readonly BulkLines[P][]) => Promise<void> }

/** Where a store notes that it is the target of a copy: in a key space that nobody else can name. */
const copying = { space: '', key: 'copy' }

/** @throws STORAGE_UNFINISHED */
export async function refuseUnfinished({ knex, tables }: Database, inside: Session): Promise<void> {
  const note = knex(tables.own('kv')).select('value').where(copying)
  if ((await inside.read(statement(note, true))).rows.length > 0) throw StorageErrors.UNFINISHED()
}

/** An SQL store from end to end. Lines and the place behind them are one transaction. */
export function sqlBulk(database: Database): Bulk {
  const { knex, tables } = database
  const reads = readsOf(database)
  const writes = writesOf(database)
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
      const place = after === undefined ? undefined : (JSON.parse(after) as Row)
      const found = await reads[part](database, place, limit + 1)
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

/** Which column of the members names the person. */
const personOf = ({ dialect }: Database) => (dialect === 'sqlite' ? 'user' : 'person')

function readsOf(database: Database): Reads {
  const { knex, tables } = database
  const person = personOf(database)
  const all = async (inside: Session, query: Knex.QueryBuilder) => (await inside.read(statement(query, true))).rows
  const behind = (query: Knex.QueryBuilder, columns: readonly string[], after: Row | undefined) => {
    const names = columns.map(() => '??').join()
    const values = columns.map(() => '?').join()
    if (after) query.whereRaw(`(${names}) > (${values})`, [...columns, ...after] as never)
    return columns.reduce((ordered, column) => ordered.orderBy(column), query)
  }
  /** Rows below conversations: first the rest of the one where the page before ended, then those behind it. */
  const below = async (
    inside: Session,
    table: 'entry' | 'member',
    columns: readonly string[],
    by: string,
    after: Row | undefined,
    limit: number,
  ): Promise<readonly Row[]> => {
    const from = () =>
      knex({ t: tables.own(table) })
        .join({ c: tables.own('conversation') }, 'c.num', 't.conv')
        .select('c.id', ...columns.map((column) => `t.${column}`))
        .orderBy(`t.${by}`)
    if (!after) return all(inside, from().clearOrder().orderBy('c.id').orderBy(`t.${by}`).limit(limit))
    const [id, last] = after as readonly [string, string | number]
    const rest = await all(inside, from().where('c.id', id).where(`t.${by}`, '>', last).limit(limit))
    if (rest.length === limit) return rest
    const more = from().clearOrder().where('c.id', '>', id).orderBy('c.id').orderBy(`t.${by}`)
    return [...rest, ...(await all(inside, more.limit(limit - rest.length)))]
  }
  const shapes = async (inside: Session) => {
    const rows = await all(
      inside,
      knex(tables.own('schema')).select('plugin', 'model', 'shape', 'name').orderBy('plugin').orderBy('model'),
    )
    return (rows as readonly (readonly [string, string, string, string])[]).map(([plugin, name, shape, table]) => {
      const { key, columns } = JSON.parse(shape) as StoredShape
      const sorted = columns.toSorted((a, b) => (a.name < b.name ? -1 : 1))
      return { line: { plugin, name, key, columns: sorted }, table: tables.placed(table) }
    })
  }

  return {
    async model(inside, after, limit) {
      const found = (await shapes(inside)).filter(
        ({ line: { plugin, name } }) => !after || plugin > after[0]! || (plugin === after[0] && name > after[1]!),
      )
      return found.slice(0, limit).map(({ line }) => [line, [line.plugin, line.name]])
    },
    async step(inside, after, limit) {
      const query = behind(knex(tables.own('step')).select('plugin', 'id', 'at'), ['plugin', 'id'], after)
      const rows = (await all(inside, query.limit(limit))) as readonly (readonly [string, string, number])[]
      return rows.map(([plugin, id, at]) => [{ plugin, id, at }, [plugin, id]])
    },
    async start(inside, after, limit) {
      const query = behind(knex(tables.own('incarnation')).select('id', 'mark', 'num'), ['num'], after)
      const rows = (await all(inside, query.limit(limit))) as readonly (readonly [string, number, number])[]
      return rows.map(([incarnation, mark, num]) => [{ incarnation, mark }, [num]])
    },
    async mark(inside) {
      const [row] = await all(inside, knex(tables.own('meta')).select('value').where({ name: 'mark' }))
      return [[{ mark: row![0] as number }, []]]
    },
    async kv(inside, after, limit) {
      const query = behind(
        knex(tables.own('kv')).select('space', 'key', 'value', 'expires').whereNot('space', copying.space),
        ['space', 'key'],
        after,
      )
      const rows = (await all(inside, query.limit(limit))) as readonly (readonly [
        string,
        string,
        string,
        number | null,
      ])[]
      return rows.map(([space, key, value, expires]) => [
        { space, key, value, ...(expires !== null && { expires }) },
        [space, key],
      ])
    },
    async conversation(inside, after, limit) {
      const query = knex(tables.own('conversation')).select('id', 'kind', 'head', 'n', 'at', 'version', 'mark')
      const rows = await all(inside, behind(query, ['id'], after).limit(limit))
      return (rows as readonly (readonly [string, string, number, number, number, number, number])[]).map(
        ([id, kind, seq, n, at, version, mark]) => [{ id, kind, seq, n, at, version, mark }, [id]],
      )
    },
    async member(inside, after, limit) {
      const columns = [person, 'floor', 'left_at', 'read', 'received', 'mark']
      const rows = await below(inside, 'member', columns, person, after, limit)
      return (rows as readonly (readonly [string, string, number, number, number, number, number])[]).map(
        ([conversation, user, floor, left, read, received, mark]) => [
          { conversation, user, floor, left, read, received, mark },
          [conversation, user],
        ],
      )
    },
    async entry(inside, after, limit) {
      const columns = ['seq', 'n', 'sender', 'client', 'at', 'body', 'digest', 'changed']
      const rows = await below(inside, 'entry', columns, 'seq', after, limit)
      return (
        rows as readonly (readonly [string, number, number, string | null, string, number, string, string, number])[]
      ).map(([conversation, seq, n, from, clientId, at, body, digest, changedBy]) => [
        { conversation, seq, n, from: from ?? '', clientId, at, body, digest, changedBy },
        [conversation, seq],
      ])
    },
    async row(inside, after, limit) {
      const found: (readonly [BulkLines['row'], Row])[] = []
      const [atPlugin, atName, ...last] = after ?? []
      for (const { line, table } of await shapes(inside)) {
        const { plugin, name: model, key, columns } = line
        if (after && (plugin < atPlugin! || (plugin === atPlugin && model < atName!))) continue
        const names = columns.map(({ name }) => name)
        const here = after && plugin === atPlugin && model === atName ? last : undefined
        const rows = await all(inside, behind(knex(table).select(names), key, here).limit(limit - found.length))
        for (const row of rows) {
          const cells: Record<string, string | number> = {}
          names.forEach((name, i) => row[i] !== null && row[i] !== undefined && (cells[name] = row[i]))
          found.push([{ plugin, model, cells }, [plugin, model, ...key.map((name) => cells[name]!)]])
        }
        if (found.length === limit) break
      }
      return found
    },
  }
}

function writesOf(database: Database): Writes {
  const { knex, tables } = database
  const person = personOf(database)
  const insert = async (inside: Session, table: string, rows: readonly object[]) =>
    void (await inside.write(statement(knex(table).insert(rows), false)))
  /** The numbers of the conversations that lines are in. */
  const numbers = async (inside: Session, lines: readonly { readonly conversation: string }[]) => {
    const ids = [...new Set(lines.map(({ conversation }) => conversation))]
    const query = knex(tables.own('conversation')).select('id', 'num').whereIn('id', ids)
    return new Map((await inside.read(statement(query, true))).rows as readonly [string, number][])
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
        conv: num.get(conversation)!,
        [person]: user,
        left_at: left,
      }))
      await insert(inside, tables.own('member'), rows)
    },
    async entry(inside, lines) {
      const num = await numbers(inside, lines)
      const rows = lines.map(({ conversation, from, clientId, changedBy, ...line }) => ({
        ...line,
        conv: num.get(conversation)!,
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
