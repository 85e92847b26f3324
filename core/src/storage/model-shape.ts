import { StorageErrors } from '../contract/storage-errors.js'
import type { Field, Model } from '../contract/model.js'

const types: ReadonlySet<string> = new Set(['id', 'text', 'int', 'time', 'bool', 'json'])
const pluginPattern = /^[a-z][a-z0-9-]{0,39}$/
const namePattern = /^[a-z][A-Za-z0-9_-]{0,39}$/
const fieldPattern = /^[a-z][A-Za-z0-9_]{0,39}$/
/** System columns of PostgreSQL (https://www.postgresql.org/docs/current/ddl-system-columns.html). */
const takenNames: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'])
/** A key or index of four columns fits every database's limit (3,072 bytes) at four bytes a character. */
const indexedText = 512
const indexedTotal = 760

/** A model as a backend sees it: checked, with its columns in order. */
export interface ModelShape {
  readonly plugin: string
  readonly name: string
  /** For people: `poll.ballot`. */
  readonly label: string
  readonly columns: readonly Column[]
  readonly key: readonly string[]
  /** Declared indexes, and those of `unique`, each once. */
  readonly indexes: readonly { readonly columns: readonly string[]; readonly unique: boolean }[]
  /** The column of terms, which is in no key and no index. */
  readonly terms?: string
}
/** One column, as a backend creates it. */
export interface Column extends Pick<Field, 'type' | 'optional'> {
  readonly name: string
  readonly max?: number
}

/**
 * Checks a declared model, also for users of plain JavaScript.
 *
 * @throws STORAGE_MODEL_INVALID, naming the model and what to change.
 */
export function modelShape(plugin: string, model: Model): ModelShape {
  const label = `${plugin}.${model.name}`
  const refuse = (problem: string): never => {
    throw StorageErrors.MODEL_INVALID({ message: `The model ${label} ${problem}.`, details: { model: label, problem } })
  }
  if (!pluginPattern.test(plugin)) refuse('belongs to a plugin whose name is not of a-z, 0-9 and -')
  if (!namePattern.test(model.name))
    refuse('must be named with letters, digits, _ and -, beginning with a small letter')

  const columns = Object.entries(model.fields as Record<string, Field>).map(([name, field]): Column => {
    if (!fieldPattern.test(name))
      refuse(`has a field "${name}": letters, digits and _ only, beginning with a small letter`)
    if (name in Object.prototype || takenNames.has(name.toLowerCase()))
      refuse(`has a field "${name}", a name that is taken: choose another`)
    if (!types.has(field.type)) refuse(`has a field "${name}" of the unknown type "${String(field.type)}"`)
    const max = field.type === 'id' ? Math.min(field.max ?? 64, 64) : field.max
    return { name, type: field.type, optional: field.optional, ...(max === undefined ? {} : { max }) }
  })
  const known = new Map(columns.map((column) => [column.name, column]))
  const folded = new Set<string>()
  for (const { name } of columns) {
    if (folded.has(name.toLowerCase())) refuse(`has two fields that differ only in case: "${name}"`)
    folded.add(name.toLowerCase())
  }

  const list = (what: string, names: readonly string[]) => {
    if (names.length < 1 || names.length > 4) refuse(`has ${what} of ${names.length} fields: one to four are possible`)
    if (new Set(names).size !== names.length) refuse(`names a field twice in ${what}`)
    let total = 0
    for (const name of names) {
      const column = known.get(name)
      if (!column) return refuse(`names "${name}" in ${what}, and has no such field`)
      if (name === model.terms) refuse(`has the terms "${name}" in ${what}: they cannot be compared`)
      if (column.type === 'json') refuse(`has the JSON field "${name}" in ${what}: it cannot be compared`)
      if (column.type === 'text' && column.max === undefined) refuse(`has no max for "${name}", which is in ${what}`)
      if ((column.max ?? 0) > indexedText)
        refuse(`has "${name}" in ${what}: its max may be at most ${indexedText} there`)
      total += column.max ?? 2
    }
    if (total > indexedTotal) refuse(`has ${what} of up to ${total} characters: at most ${indexedTotal} are possible`)
    return names
  }
  list('its key', model.key)
  for (const name of model.key) if (known.get(name)?.optional) refuse(`has the optional field "${name}" in its key`)

  const indexes = new Map<string, ModelShape['indexes'][number]>()
  for (const names of model.indexes) {
    indexes.set(names.join(), { columns: list('an index', names), unique: false })
  }
  for (const names of model.unique) {
    indexes.set(names.join(), { columns: list('a unique index', names), unique: true })
  }
  const { terms } = model
  if (terms !== undefined && known.get(terms)?.type !== 'text')
    refuse(`has "${terms}" as terms, which is no field of text`)
  return {
    plugin,
    name: model.name,
    label,
    columns,
    key: model.key,
    indexes: [...indexes.values()],
    ...(terms !== undefined && { terms }),
  }
}
