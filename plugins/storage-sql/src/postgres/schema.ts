import type { Column, ModelShape } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Database, Statement } from '../database.js'
import { schemaStatements } from '../statement.js'
import type { TableNames } from '../table-names.js'
import { quoted } from './quoted.js'

const raw = (sql: string): Statement => ({ sql, bindings: [], rows: false })
/** Text is compared by its bytes, which in UTF-8 is the order of code points. */
const text = 'text collate "C"'

export const metaTable = (tables: TableNames): Statement =>
  raw(`create table if not exists ${quoted(tables, 'meta')} (name ${text} primary key, value bigint not null)`)

/** The store's own tables. A later version adds a list; these lists never change. */
export function versions(tables: TableNames): Database['versions'] {
  const name = (table: Parameters<typeof quoted>[1]) => quoted(tables, table)
  const index = (end: string) => `"${tables.prefix}${end}"`
  return [
    [
      raw(`insert into ${name('meta')} (name, value) values ('mark', 0)`),
      // room in each page, so that a new version of a row finds place beside the old one
      raw(`create table ${name('conversation')} (
        num bigint generated always as identity primary key,
        head bigint not null, n bigint not null, at bigint not null, version bigint not null, mark bigint not null,
        id ${text} not null, kind ${text} not null,
        constraint ${index('conversation_id')} unique (id)) with (fillfactor = 80)`),
      raw(`create index ${index('conversation_mark')} on ${name('conversation')} (mark)`),
      // rows are appended in order; the narrow index finds them by place (I3), the other by their key (I2)
      raw(`create table ${name('entry')} (
        conv bigint not null, seq bigint not null, n bigint not null, at bigint not null, changed bigint not null,
        sender ${text}, client ${text} not null, digest ${text} not null, body ${text} not null,
        constraint ${index('entry_place')} unique (conv, seq),
        constraint ${index('entry_key')} unique (conv, sender, client))`),
      raw(`create table ${name('member')} (
        conv bigint not null, floor bigint not null, left_at bigint not null, read bigint not null,
        received bigint not null, mark bigint not null, person ${text} not null,
        primary key (conv, person)) with (fillfactor = 80)`),
      raw(`create index ${index('member_person')} on ${name('member')} (person)`),
      raw(`create table ${name('incarnation')} (
        num bigint generated always as identity primary key, mark bigint not null, id ${text} not null unique)`),
      raw(`create table ${name('kv')} (
        space ${text} not null, key ${text} not null, value ${text} not null, expires bigint, primary key (space, key))`),
      raw(`create index ${index('kv_expires')} on ${name('kv')} (expires) where expires is not null`),
      raw(`create table ${name('schema')} (
        name ${text} primary key, plugin ${text} not null, model ${text} not null, shape ${text} not null)`),
      raw(`create table ${name('step')} (
        plugin ${text} not null, id ${text} not null, at bigint not null, primary key (plugin, id))`),
    ],
  ]
}

/** Required fields are checked by us and not by the table, so that a plugin may later give one up. */
function addColumn(build: Knex.CreateTableBuilder, { name, type }: Column, { key }: ModelShape): void {
  const column =
    type === 'int' || type === 'time'
      ? build.bigInteger(name).checkBetween([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])
      : type === 'bool'
        ? build.integer(name).checkBetween([0, 1])
        : build.specificType(name, text)
  if (key.includes(name)) column.notNullable()
}

/** Terms as they are, without a dictionary: it is what the index is of, so it must be asked for in the same words. */
export const termsOf = `array_to_tsvector(string_to_array(??, ' '))`

/** How tables of models are made and changed. */
export function modelTables(
  knex: Knex,
  tables: TableNames,
): Pick<Database, 'createTable' | 'addColumns' | 'createIndex' | 'dropIndex'> {
  return {
    createTable: (table, shape) =>
      schemaStatements(
        knex.schema.createTable(table, (build) => {
          for (const column of shape.columns) addColumn(build, column, shape)
          // Knex would name it with the schema, which PostgreSQL does not take
          build.primary([...shape.key], { constraintName: `${table.slice(table.lastIndexOf('.') + 1)}_pkey` })
        }),
      ),
    addColumns: (table, columns, shape) =>
      schemaStatements(
        knex.schema.alterTable(table, (build) => columns.forEach((column) => addColumn(build, column, shape))),
      ),
    /**
     * Absent comes first, as pages want it. An index that is not unique ends with the key, as the order of a page does, so
     * that a page needs no sorting.
     */
    createIndex(table, { name, columns, unique, terms, rest }, { key }) {
      if (terms) {
        const sql = knex.raw(`create index ?? on ?? using gin (${termsOf})`, [name, table, columns[0]!])
        return [raw(sql.toSQL().toNative().sql)]
      }
      const list = [...columns, ...(unique ? [] : rest)].map((column) =>
        knex.raw(key.includes(column) ? '??' : '?? nulls first', [column]),
      )
      const sql = `create ${unique ? 'unique ' : ''}index ?? on ?? (${list.map(() => '?').join(', ')})`
      return [
        raw(
          knex
            .raw(sql, [name, table, ...list])
            .toSQL()
            .toNative().sql,
        ),
      ]
    },
    dropIndex: (_table, name) => [
      raw(
        knex
          .raw('drop index ??', [tables.placed(name)])
          .toSQL()
          .toNative().sql,
      ),
    ],
  }
}
