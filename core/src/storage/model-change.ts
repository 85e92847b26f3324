import { StorageErrors } from '../contract/storage-errors.js'
import type { ModelShape } from './model-shape.js'

/** What a backend remembers of a model whose rows it holds. Fields that a model gave up are still listed. */
export interface StoredShape {
  readonly key: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: string; readonly max?: number }[]
  readonly terms?: string
}

/** The shape to remember: what the model has now, and the fields that it had. */
export function storedShape(before: StoredShape | undefined, shape: ModelShape): StoredShape {
  const now = shape.columns.map(({ name, type, max }) => ({ name, type, ...(max === undefined ? {} : { max }) }))
  const names = new Set(now.map(({ name }) => name))
  const columns = [...now, ...(before?.columns ?? []).filter(({ name }) => !names.has(name))]
  return { key: shape.key, columns, ...(shape.terms !== undefined && { terms: shape.terms }) }
}

const refuse = (label: string, problem: string): never => {
  throw StorageErrors.MODEL_CHANGED({
    message: `The model ${label} ${problem}. Keep the old one and add a new field or model beside it; a data step can move the rows.`,
    details: { model: label, problem },
  })
}

/**
 * Compares a model with what is stored. Optional fields and indexes may come, any field may go.
 * Whether stored rows have what is required now is for the backend to look up: `lacking` refuses it.
 *
 * @returns the fields that are new.
 * @throws STORAGE_MODEL_CHANGED for another key or another type.
 */
export function modelChange(before: StoredShape, shape: ModelShape): { readonly added: readonly string[] } {
  if (before.key.join() !== shape.key.join()) {
    refuse(shape.label, `had the key ${before.key.join(', ')} and now has ${shape.key.join(', ')}`)
  }
  if (before.terms !== shape.terms) {
    refuse(shape.label, `had ${before.terms ?? 'no field'} as terms and now has ${shape.terms ?? 'none'}`)
  }
  const types = new Map(before.columns.map(({ name, type }) => [name, type]))
  for (const { name, type } of shape.columns) {
    const was = types.get(name)
    if (was !== undefined && was !== type)
      refuse(shape.label, `had the field "${name}" as ${was} and now has it as ${type}`)
  }
  return { added: shape.columns.filter(({ name }) => !types.has(name)).map(({ name }) => name) }
}

/** Refuses: stored rows have nothing in a field that is required now. @throws STORAGE_MODEL_CHANGED */
export function lacking(shape: ModelShape, column: string): never {
  return refuse(shape.label, `requires the field "${column}", and stored rows do not have it`)
}

/** Refuses: stored rows have the same values in a unique index that is new. @throws STORAGE_MODEL_CHANGED */
export function repeated(shape: ModelShape, columns: readonly string[]): never {
  return refuse(shape.label, `wants ${columns.join(', ')} to be unique, and stored rows repeat them`)
}
