import { createHash } from 'node:crypto'

/** PostgreSQL cuts names at 63 bytes, MySQL refuses more than 64. */
const longest = 60

/** Cuts a name that is too long, and keeps it unlike others by a digest. */
function fitted(name: string): string {
  if (name.length <= longest) return name
  return `${name.slice(0, longest - 9)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
}

/** A table of the store itself. They have one word after the prefix, those of models two, so the two do not meet. */
export type OwnTable = 'meta' | 'conversation' | 'entry' | 'member' | 'incarnation' | 'kv' | 'schema' | 'step'

/** How the tables of one store are called. */
export interface TableNames {
  readonly prefix: string
  readonly schema: string | undefined
  /** As Knex takes it, with the schema. */
  own(table: OwnTable): string
  /** As the journal knows the table of a plugin's model: without the schema. */
  model(plugin: string, model: string): string
  /** The same as Knex takes it. */
  placed(table: string): string
  index(table: string, columns: readonly string[], unique: boolean): string
}

export function tableNames(prefix = 'natter_', schema?: string): TableNames {
  const placed = (table: string) => (schema === undefined ? table : `${schema}.${table}`)
  return {
    prefix,
    schema,
    placed,
    own: (table) => placed(prefix + table),
    model: (plugin, model) => fitted(`${prefix}${plugin}_${model}`.replaceAll('-', '_')),
    index: (table, columns, unique) => fitted(`${table}_${columns.join('_')}_${unique ? 'ux' : 'ix'}`),
  }
}
