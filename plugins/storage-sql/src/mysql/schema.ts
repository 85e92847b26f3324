import type { Column, ModelShape } from '@natter/core/storage'
import type { Database, Statement } from '../database.js'
import type { TableNames } from '../table-names.js'
import { quoted } from './quoted.js'

const raw = (sql: string): Statement => ({ sql, bindings: [], rows: false })
/** Ids are ASCII only. */
const id = 'varchar(64) character set ascii collate ascii_bin'
const whole = 'bigint not null'
const ending = 'engine = InnoDB row_format = dynamic default character set utf8mb4'

/** How this server says that text is compared by code point, trailing spaces too. */
export type Collation = 'utf8mb4_nopad_bin' | 'utf8mb4_0900_bin'
const text = (collation: Collation, max?: number) =>
  `${max === undefined ? 'longtext' : `varchar(${max})`} character set utf8mb4 collate ${collation}`

/** Schema changes are no part of transactions here, so each can be made again by a start that follows an interrupted one. */
export const metaTable = (tables: TableNames): Statement =>
  raw(`create table if not exists ${quoted(tables, 'meta')} (name ${id} primary key, value ${whole}) ${ending}`)

/** The store's own tables. A later version adds a list; these lists never change. */
export function versions(tables: TableNames, collation: Collation): Database['versions'] {
  const table = (name: Parameters<typeof quoted>[1], columns: string) =>
    raw(`create table if not exists ${quoted(tables, name)} (${columns}) ${ending}`)
  return [
    [
      raw(
        `insert into ${quoted(tables, 'meta')} (name, value) values ('mark', 0) on duplicate key update value = value`,
      ),
      table(
        'conversation',
        `num bigint not null auto_increment primary key, id ${id} not null, kind ${id} not null, head ${whole},
        n ${whole}, at ${whole}, version ${whole}, mark ${whole},
        unique key conversation_id (id), key conversation_mark (mark)`,
      ),
      // clustered by place (I3), so that a page of history is read in one go; the other index finds them by their key (I2)
      table(
        'entry',
        `conv ${whole}, seq ${whole}, n ${whole}, sender ${id}, client ${id} not null, at ${whole},
        body ${text(collation)} not null, digest ${text(collation, 256)} not null, changed ${whole},
        primary key (conv, seq), unique key entry_key (conv, sender, client)`,
      ),
      table(
        'member',
        `conv ${whole}, person ${id} not null, floor ${whole}, left_at ${whole}, \`read\` ${whole}, received ${whole},
        mark ${whole}, primary key (conv, person), key member_person (person)`,
      ),
      table(
        'incarnation',
        `num bigint not null auto_increment primary key, id ${id} not null, mark ${whole}, unique key incarnation_id (id)`,
      ),
      table(
        'kv',
        `space ${text(collation, 128)} not null, \`key\` ${text(collation, 512)} not null, value ${text(collation)} not null,
        expires bigint, primary key (space, \`key\`), key kv_expires (expires)`,
      ),
      table(
        'schema',
        `name ${id} primary key, plugin ${id} not null, model ${id} not null, shape ${text(collation)} not null`,
      ),
      table(
        'step',
        `plugin ${id} not null, id ${text(collation, 255)} not null, at ${whole}, primary key (plugin, id)`,
      ),
    ],
  ]
}

/** Required fields are checked by us and not by the table, so that a plugin may later give one up. */
function columnOf({ name, type, max }: Column, { key, indexes }: ModelShape, collation: Collation): string {
  const ends = key.includes(name) ? ' not null' : ''
  if (type === 'bool') return `\`${name}\` int${ends} check (\`${name}\` between 0 and 1)`
  if (type === 'int' || type === 'time') {
    const range = `between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`
    return `\`${name}\` bigint${ends} check (\`${name}\` ${range})`
  }
  // only what is in an index needs a limit; a row has not room for many columns that have one
  const limited = key.includes(name) || indexes.some(({ columns }) => columns.includes(name))
  return `\`${name}\` ${text(collation, limited ? max : undefined)}${ends}`
}
const isText = ({ type }: Column) => type === 'id' || type === 'text' || type === 'json'
const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')

/** How tables of models are made and changed. */
export function modelTables(
  collation: Collation,
): Pick<Database, 'createTable' | 'addColumns' | 'widenColumns' | 'createIndex' | 'dropIndex' | 'columnsOf'> {
  return {
    createTable: (table, shape) => {
      const columns = shape.columns.map((column) => columnOf(column, shape, collation))
      return [
        raw(
          `create table if not exists \`${table}\` (${columns.join(', ')}, primary key (${list(shape.key)})) ${ending}`,
        ),
      ]
    },
    addColumns: (table, columns, shape) =>
      columns.map((column) => raw(`alter table \`${table}\` add column ${columnOf(column, shape, collation)}`)),
    widenColumns: (table, columns, shape) =>
      columns
        .filter(isText)
        .map((column) => raw(`alter table \`${table}\` modify column ${columnOf(column, shape, collation)}`)),
    createIndex: (table, { name, columns, unique, terms }) => [
      raw(
        `alter table \`${table}\` add ${terms ? 'fulltext ' : unique ? 'unique ' : ''}index \`${name}\` (${list(columns)})`,
      ),
    ],
    dropIndex: (table, name) => [raw(`alter table \`${table}\` drop index \`${name}\``)],
    async columnsOf(inside, table) {
      const sql =
        'select column_name from information_schema.columns where table_schema = database() and table_name = ?'
      return (await inside.read({ sql, bindings: [table], rows: true })).rows.map(([name]) => name as string)
    },
  }
}
