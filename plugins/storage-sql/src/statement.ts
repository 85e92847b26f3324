import type { Knex } from 'knex'
import type { Binding, Statement } from './database.js'

/** Compiles what Knex built. `rows`: the statement gives rows back. */
export function statement(query: Knex.QueryBuilder | Knex.Raw, rows: boolean): Statement {
  const { sql, bindings } = query.toSQL().toNative()
  return { sql, bindings: bindings as readonly Binding[], rows }
}

/** Compiles a deletion that gives back what it removed, which Knex does not write for every dialect. */
export function deleteReturning(knex: Knex, query: Knex.QueryBuilder, columns: readonly string[]): Statement {
  const { sql, bindings } = statement(query.delete(), true)
  const list = statement(knex.raw(columns.map(() => '??').join(', '), [...columns]), true)
  return { sql: `${sql} returning ${list.sql}`, bindings, rows: true }
}

/** Compiles changes of the schema. */
export function schemaStatements(schema: Knex.SchemaBuilder): readonly Statement[] {
  const compiled: unknown = schema.toSQL()
  return (compiled as { readonly sql: string; readonly bindings?: readonly Binding[] }[]).map(({ sql, bindings }) => ({
    sql,
    bindings: bindings ?? [],
    rows: false,
  }))
}
