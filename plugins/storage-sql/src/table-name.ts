import { createHash } from 'node:crypto'

/** PostgreSQL cuts names at 63 bytes, MySQL refuses more than 64. */
const longest = 60

/** Cuts a name that is too long, and keeps it unlike others by a digest. */
function fitted(name: string): string {
  if (name.length <= longest) return name
  return `${name.slice(0, longest - 9)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
}

/** The table of a plugin's model. Tables of ours have one word after the prefix, so the two do not meet. */
export function tableName(plugin: string, model: string): string {
  return fitted(`natter_${plugin}_${model}`.replaceAll('-', '_'))
}

export function indexName(table: string, columns: readonly string[], unique: boolean): string {
  return fitted(`${table}_${columns.join('_')}_${unique ? 'ux' : 'ix'}`)
}
