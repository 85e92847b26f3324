import type { Column, ModelShape } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { Database, Statement } from '../database.js'
import { schemaStatements } from '../statement.js'

/** Clustered by the key, which then also ends every index: pages along an index need no sorting. */
function clustered(statements: readonly Statement[]): readonly Statement[] {
  return statements.map((each) =>
    each.sql.startsWith('create table') ? { ...each, sql: `${each.sql} without rowid` } : each,
  )
}

const tableOf =
  (knex: Knex) =>
  (name: string, key: readonly string[], columns: (build: Knex.CreateTableBuilder) => void): readonly Statement[] =>
    clustered(
      schemaStatements(
        knex.schema.createTable(name, (build) => {
          columns(build)
          build.primary([...key])
        }),
      ),
    )

/** Required fields are checked by us and not by the table, so that a plugin may later give one up. */
function addColumn(build: Knex.CreateTableBuilder, { name, type }: Column, { key }: ModelShape): void {
  const column =
    type === 'int' || type === 'time'
      ? build.bigInteger(name).checkBetween([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])
      : type === 'bool'
        ? build.integer(name).checkBetween([0, 1])
        : build.text(name)
  if (key.includes(name)) column.notNullable()
}

/** What a full-text index knows rows by: a number that nothing changes, unlike the one that SQLite gives. No field is called so. */
export const rowNumber = '_row'

/**
 * A full-text index of terms, which keeps no copy of them (https://sqlite.org/fts5.html#external_content_tables), follows its
 * table, and takes what is removed out of its pages at once.
 */
function fullText(table: string, name: string, column: string): readonly Statement[] {
  const raw = (sql: string): Statement => ({ sql, bindings: [], rows: false })
  const out = `insert into "${name}" ("${name}", rowid, "${column}") values ('delete', old.${rowNumber}, old."${column}");`
  const into = `insert into "${name}" (rowid, "${column}") values (new.${rowNumber}, new."${column}");`
  return [
    raw(`create virtual table "${name}" using fts5 ("${column}", content = '${table}', content_rowid = '${rowNumber}',
      tokenize = "ascii tokenchars '_'", detail = none, columnsize = 0)`),
    raw(`insert into "${name}" ("${name}", rank) values ('secure-delete', 1)`),
    raw(`create trigger "${name}_in" after insert on "${table}" begin ${into} end`),
    raw(`create trigger "${name}_out" after delete on "${table}" begin ${out} end`),
    raw(`create trigger "${name}_over" after update of "${column}" on "${table}" begin ${out} ${into} end`),
  ]
}

/** How tables of models are made and changed. */
export function modelTables(knex: Knex): Pick<Database, 'createTable' | 'addColumns' | 'createIndex' | 'dropIndex'> {
  return {
    createTable: (table, shape) =>
      shape.terms === undefined
        ? tableOf(knex)(table, shape.key, (build) => {
            for (const column of shape.columns) addColumn(build, column, shape)
          })
        : schemaStatements(
            knex.schema.createTable(table, (build) => {
              build.integer(rowNumber).primary()
              for (const column of shape.columns) addColumn(build, column, shape)
              build.unique([...shape.key], { indexName: `${table}_key` })
            }),
          ),
    addColumns: (table, columns, shape) =>
      schemaStatements(
        knex.schema.alterTable(table, (build) => columns.forEach((column) => addColumn(build, column, shape))),
      ),
    createIndex: (table, { name, columns, unique, terms }) =>
      terms
        ? fullText(table, name, columns[0]!)
        : schemaStatements(
            knex.schema.alterTable(table, (build) =>
              unique ? build.unique([...columns], { indexName: name }) : build.index([...columns], name),
            ),
          ),
    dropIndex: (table, name) => schemaStatements(knex.schema.alterTable(table, (build) => build.dropIndex([], name))),
  }
}

/** Knex has no word for "if not exists" that it does not warn of. */
export const metaTable: Statement = {
  sql: 'create table if not exists natter_meta (name text not null primary key, value bigint not null) without rowid',
  bindings: [],
  rows: false,
}

/** The store's own tables. A later version adds a list; these lists never change. */
export function versions(knex: Knex): Database['versions'] {
  const table = tableOf(knex)
  const raw = (sql: string): Statement => ({ sql, bindings: [], rows: false })
  return [
    [
      raw("insert into natter_meta (name, value) values ('mark', 0)"),
      ...schemaStatements(
        knex.schema.createTable('natter_conversation', (build) => {
          build.integer('num').primary()
          build.text('id').notNullable().unique({ indexName: 'natter_conversation_id' })
          build.text('kind').notNullable()
          build.bigInteger('head').notNullable()
          build.bigInteger('n').notNullable()
          build.bigInteger('at').notNullable()
          build.bigInteger('version').notNullable()
          build.bigInteger('mark').notNullable().index('natter_conversation_mark')
        }),
      ),
      // rows are appended in order; the narrow index finds them by place (I3), the other by their key (I2)
      ...schemaStatements(
        knex.schema.createTable('natter_entry', (build) => {
          build.integer('conv').notNullable()
          build.bigInteger('seq').notNullable()
          build.bigInteger('n').notNullable()
          build.text('sender')
          build.text('client').notNullable()
          build.bigInteger('at').notNullable()
          build.text('body').notNullable()
          build.text('digest').notNullable()
          build.bigInteger('changed').notNullable().defaultTo(0)
          build.unique(['conv', 'seq'], { indexName: 'natter_entry_place' })
          build.unique(['conv', 'sender', 'client'], { indexName: 'natter_entry_key' })
        }),
      ),
      ...table('natter_member', ['conv', 'user'], (build) => {
        build.integer('conv').notNullable()
        build.text('user').notNullable().index('natter_member_user')
        build.bigInteger('floor').notNullable()
        build.bigInteger('left_at').notNullable()
        build.bigInteger('read').notNullable()
        build.bigInteger('received').notNullable()
        build.bigInteger('mark').notNullable()
      }),
      ...schemaStatements(
        knex.schema.createTable('natter_incarnation', (build) => {
          build.increments('num')
          build.text('id').notNullable().unique({ indexName: 'natter_incarnation_id' })
          build.bigInteger('mark').notNullable()
        }),
      ),
      ...table('natter_kv', ['space', 'key'], (build) => {
        build.text('space').notNullable()
        build.text('key').notNullable()
        build.text('value').notNullable()
        build.bigInteger('expires')
      }),
      raw('create index natter_kv_expires on natter_kv (expires) where expires is not null'),
      ...table('natter_schema', ['name'], (build) => {
        build.text('name').notNullable()
        build.text('plugin').notNullable()
        build.text('model').notNullable()
        build.text('shape').notNullable()
      }),
      ...table('natter_step', ['plugin', 'id'], (build) => {
        build.text('plugin').notNullable()
        build.text('id').notNullable()
        build.bigInteger('at').notNullable()
      }),
    ],
  ]
}
