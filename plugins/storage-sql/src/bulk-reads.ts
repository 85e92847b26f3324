import type { BulkLines, BulkPart } from '@natter/core/contract'
import type { StoredShape } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Binding, Database } from './database.js'
import { statement } from './statement.js'

type Row = readonly Binding[]
/** Where a line is, as values that go through JSON. */
export type Place = Row
type Found<P extends BulkPart> = readonly (readonly [BulkLines[P], Place])[]
export type BulkReads = { readonly [P in BulkPart]: (after: Place | undefined, limit: number) => Promise<Found<P>> }

/** A table whose rows are below conversations. */
interface Below {
  readonly table: 'entry' | 'member'
  /** Orders them within their conversation. */
  readonly by: string
  /** Comes before every value of it. */
  readonly first: string | number
  readonly columns: readonly string[]
}
/** A conversation: its id, its number, and how many rows are below it. */
type Sized = readonly [id: string, num: number, size: number]
/** Conversations that are looked up together. */
const together = 100

/** The first of them, as many as have room together, and the one that has not, if there is one. */
function fitting(all: readonly Sized[], room: number): readonly [whole: readonly Sized[], large: Sized | undefined] {
  let left = room
  const large = all.findIndex(([, , size]) => (left -= size) < 0)
  return large === -1 ? [all, undefined] : [all.slice(0, large), all[large]]
}

/** The key space that nobody else can name; what is in it is not a part of the store. */
export const ownSpace = ''
/** Which column of the members names the person. */
export const personOf = ({ dialect }: Pick<Database, 'dialect'>): string => (dialect === 'sqlite' ? 'user' : 'person')

/** The lines of a store, in their order. Every page is read along indexes, and its cost does not grow with what is before and behind it. */
export function bulkReads(database: Database): BulkReads {
  const { knex, tables, dialect } = database
  const person = personOf(database)
  const all = async (query: Knex.QueryBuilder) => (await database.read(statement(query, true))).rows

  const behind = (query: Knex.QueryBuilder, columns: readonly string[], after: Row | undefined) => {
    if (after && (dialect === 'sqlite' || dialect === 'postgres')) {
      const marks = (mark: string) => columns.map(() => mark).join()
      query.whereRaw(`(${marks('??')}) > (${marks('?')})`, [...columns, ...after] as never)
    } else if (after) {
      // MySQL and MariaDB find pairs by no index, but this
      query.where((any) =>
        columns.forEach((column, i) =>
          any.orWhere((one) => {
            for (let k = 0; k < i; k++) one.where(columns[k]!, after[k]!)
            one.where(column, '>', after[i]!)
          }),
        ),
      )
    }
    return columns.reduce((ordered, column) => ordered.orderBy(column), query)
  }

  /** Conversations behind an id, each with its number and how many rows are below it. */
  const sized = async (table: Below['table'], id: string): Promise<readonly Sized[]> => {
    const next = knex(tables.own('conversation')).select('id', 'num', 'head').where('id', '>', id)
    const found = (await all(next.orderBy('id').limit(together))) as readonly Sized[]
    if (table === 'entry' || found.length === 0) return found
    const nums = found.map(([, num]) => num)
    const counts = knex(tables.own(table)).select('conv').count('*').whereIn('conv', nums).groupBy('conv')
    const sizes = new Map((await all(counts)) as readonly [number, number][])
    return found.map(([id, num]) => [id, num, sizes.get(num) ?? 0])
  }
  /** The number of the conversation with this id. */
  const numberOf = async (id: string) =>
    (await all(knex(tables.own('conversation')).select('num').where({ id })))[0]?.[0] as number | undefined

  /** Rows by conversation, whose id comes before their columns. */
  const below = async (
    { table, by, first, columns }: Below,
    after: Row | undefined,
    limit: number,
  ): Promise<readonly Row[]> => {
    const rowsOf = (nums: readonly number[]) =>
      knex(tables.own(table))
        .select('conv', by, ...columns)
        .whereIn('conv', nums)
        .orderBy('conv')
        .orderBy(by)
    const found: Row[] = []
    let [id, last] = (after ?? ['', first]) as readonly [string, string | number]
    /** The conversation that is read up to `last`. */
    let num = after && (await numberOf(id))
    for (;;) {
      if (num !== undefined) {
        const rest = rowsOf([num])
          .where(by, '>', last)
          .limit(limit - found.length)
        for (const [, ...row] of await all(rest)) found.push([id, ...row])
      }
      if (found.length >= limit) return found
      const next = await sized(table, id)
      const [whole, large] = fitting(next, limit - found.length)
      if (whole.length > 0) {
        const rows = await all(rowsOf(whole.map(([, num]) => num)))
        for (const [id, num] of whole) for (const [conv, ...row] of rows) if (conv === num) found.push([id, ...row])
      }
      if (next.length === 0) return found
      ;[id, num, last] = large ? [large[0], large[1], first] : [next.at(-1)![0], undefined, first]
    }
  }

  const shapes = async () => {
    const rows = await all(
      knex(tables.own('schema')).select('plugin', 'model', 'shape', 'name').orderBy('plugin').orderBy('model'),
    )
    return (rows as readonly (readonly [string, string, string, string])[]).map(([plugin, name, shape, table]) => {
      const { key, columns, terms } = JSON.parse(shape) as StoredShape
      const sorted = columns.toSorted((a, b) => (a.name < b.name ? -1 : 1))
      const line = { plugin, name, key, columns: sorted, ...(terms !== undefined && { terms }) }
      return { line, table: tables.placed(table) }
    })
  }

  return {
    async model(after, limit) {
      const found = (await shapes()).filter(
        ({ line: { plugin, name } }) => !after || plugin > after[0]! || (plugin === after[0] && name > after[1]!),
      )
      return found.slice(0, limit).map(({ line }) => [line, [line.plugin, line.name]])
    },
    async step(after, limit) {
      const query = behind(knex(tables.own('step')).select('plugin', 'id', 'at'), ['plugin', 'id'], after)
      const rows = (await all(query.limit(limit))) as readonly (readonly [string, string, number])[]
      return rows.map(([plugin, id, at]) => [{ plugin, id, at }, [plugin, id]])
    },
    async start(after, limit) {
      const query = behind(knex(tables.own('incarnation')).select('id', 'mark', 'num'), ['num'], after)
      const rows = (await all(query.limit(limit))) as readonly (readonly [string, number, number])[]
      return rows.map(([incarnation, mark, num]) => [{ incarnation, mark }, [num]])
    },
    async mark() {
      const [row] = await all(knex(tables.own('meta')).select('value').where({ name: 'mark' }))
      return [[{ mark: row![0] as number }, []]]
    },
    async kv(after, limit) {
      const values = knex(tables.own('kv')).select('space', 'key', 'value', 'expires').whereNot('space', ownSpace)
      const query = behind(values, ['space', 'key'], after)
      const rows = (await all(query.limit(limit))) as readonly (readonly [string, string, string, number | null])[]
      return rows.map(([space, key, value, expires]) => [
        { space, key, value, ...(expires !== null && { expires }) },
        [space, key],
      ])
    },
    async conversation(after, limit) {
      const query = knex(tables.own('conversation')).select('id', 'kind', 'head', 'n', 'at', 'version', 'mark')
      const rows = await all(behind(query, ['id'], after).limit(limit))
      return (rows as readonly (readonly [string, string, number, number, number, number, number])[]).map(
        ([id, kind, seq, n, at, version, mark]) => [{ id, kind, seq, n, at, version, mark }, [id]],
      )
    },
    async member(after, limit) {
      const columns = ['floor', 'left_at', 'read', 'received', 'mark']
      const rows = await below({ table: 'member', by: person, first: '', columns }, after, limit)
      return (rows as readonly (readonly [string, string, number, number, number, number, number])[]).map(
        ([conversation, user, floor, left, read, received, mark]) => [
          { conversation, user, floor, left, read, received, mark },
          [conversation, user],
        ],
      )
    },
    async entry(after, limit) {
      const columns = ['n', 'sender', 'client', 'at', 'body', 'digest', 'changed']
      const rows = await below({ table: 'entry', by: 'seq', first: 0, columns }, after, limit)
      return (
        rows as readonly (readonly [string, number, number, string | null, string, number, string, string, number])[]
      ).map(([conversation, seq, n, from, clientId, at, body, digest, changedBy]) => [
        { conversation, seq, n, from: from ?? '', clientId, at, body, digest, changedBy },
        [conversation, seq],
      ])
    },
    async row(after, limit) {
      const found: (readonly [BulkLines['row'], Place])[] = []
      const [atPlugin, atName, ...last] = after ?? []
      for (const { line, table } of await shapes()) {
        const { plugin, name: model, key, columns } = line
        if (after && (plugin < atPlugin! || (plugin === atPlugin && model < atName!))) continue
        const names = columns.map(({ name }) => name)
        const here = after && plugin === atPlugin && model === atName ? last : undefined
        const rows = await all(behind(knex(table).select(names), key, here).limit(limit - found.length))
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
