import type { OwnTable, TableNames } from '../table-names.js'

/** A table of the store as SQL names it. Schema and prefix are letters, digits and _ only. */
export function quoted({ prefix, schema }: TableNames, table: OwnTable): string {
  return schema === undefined ? `"${prefix}${table}"` : `"${schema}"."${prefix}${table}"`
}
