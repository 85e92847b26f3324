import type { BulkLines } from '../contract/bulk.js'
import type { Field, Model } from '../contract/model.js'

/** A model that stores what a line of a copy says; the plugin's own brings the indexes at the next start. */
export function bulkModel({ name, key, columns, terms }: BulkLines['model']): Model {
  const fields: Record<string, Field> = {}
  for (const { name, type, max } of columns) {
    const field = { type: type as Field['type'], optional: !key.includes(name) }
    fields[name] = max === undefined ? field : { ...field, max }
  }
  return { kind: 'model', name, fields, key, indexes: [], unique: [], ...(terms !== undefined && { terms }) }
}
