import type { Flat } from './flat.js'

/** The kinds of column; see `field`. */
export type FieldType = 'id' | 'text' | 'int' | 'time' | 'bool' | 'json'
/** One column of a model, made by `field`. */
export interface Field<V = unknown, Optional extends boolean = boolean> {
  readonly type: FieldType
  readonly '~value'?: V
  readonly optional: Optional
  /** Longest text, in UTF-16 units. Required where the field is in a key or an index. */
  readonly max?: number
}
interface FieldOptions {
  readonly optional?: boolean
  readonly max?: number
}
type FieldOf<V> = <const O extends FieldOptions = {}>(
  options?: O,
) => Field<V, O extends { optional: true } ? true : false>

const make = (type: FieldType, defaults: FieldOptions = {}) =>
  ((options: FieldOptions = {}) => ({ type, optional: false, ...defaults, ...options })) as never

/** The kinds of column: ids (64 characters of the id set), text, 53-bit integers, times in ms, booleans, JSON. */
export const field: {
  readonly id: FieldOf<string>
  readonly text: FieldOf<string>
  readonly int: FieldOf<number>
  readonly time: FieldOf<number>
  readonly bool: FieldOf<boolean>
  readonly json: FieldOf<unknown>
} = {
  id: make('id', { max: 64 }),
  text: make('text'),
  int: make('int'),
  time: make('time'),
  bool: make('bool'),
  json: make('json'),
}

type Fields = Readonly<Record<string, Field>>
/** A row, from the fields of a model. */
export type RowOf<X extends Fields> = Flat<
  {
    -readonly [K in keyof X as X[K] extends Field<any, true> ? never : K]: X[K] extends Field<infer V, any> ? V : never
  } & {
    -readonly [K in keyof X as X[K] extends Field<any, true> ? K : never]?: X[K] extends Field<infer V, any> ? V : never
  }
>

/**
 * What of a model tells about a person: for each such column, in words, whose and what it is; `none` where nothing does. It is
 * what `docs/personal-data.md` lists, and what export and erasure of a person have to answer for.
 */
export type Personal = 'none' | Readonly<Record<string, string>>

/** Stored data of a plugin: its columns, key columns (in order) and declared indexes (each in order, at most four). */
export interface Model<
  Name extends string = string,
  Row = any,
  Key extends readonly string[] = readonly string[],
  Index extends readonly string[] = readonly string[],
> {
  readonly kind: 'model'
  readonly name: Name
  readonly fields: { readonly [K in keyof Row]-?: Field }
  readonly key: Key
  readonly indexes: readonly Index[]
  /** Indexes of which no two rows may have the same values. A row without one of the columns is left out of it. */
  readonly unique: readonly (readonly string[])[]
  /** A text column of terms by which `match` finds rows. */
  readonly terms?: string
  readonly personal?: Personal
  '~row'?: Row
}

/**
 * Declares stored data. The table or collection is created, and widened when a later version adds fields or indexes.
 *
 * @example
 * export const ballot = model('ballot', {
 *   fields: { poll: field.text({ max: 90 }), user: field.id(), option: field.int() },
 *   key: ['poll', 'user'],
 *   personal: { user: 'who voted', option: 'what for' },
 * })
 */
export function model<
  const Name extends string,
  X extends Fields,
  const Key extends readonly (keyof X & string)[],
  const Ix extends readonly (readonly (keyof X & string)[])[] = readonly [],
  const Ux extends readonly (readonly (keyof X & string)[])[] = readonly [],
>(
  name: Name,
  spec: {
    readonly fields: X
    readonly key: Key
    readonly indexes?: Ix
    readonly unique?: Ux
    /**
     * An optional or required text column of terms, with single spaces between, by which `match` finds rows: in the full-text index
     * of the database. From the first version of a model on. A term is `_` and 2 to 79 of a-z, 0-9 and `_`.
     */
    readonly terms?: keyof X & string
    readonly personal?: Personal
  },
): Model<Name, RowOf<X>, Key, Ix[number] | Ux[number]> {
  return { kind: 'model', name, indexes: [], unique: [], ...spec } as never
}

/** A condition on a column: equal, one of several, or between. */
export type Range<V> =
  V | { readonly in: readonly V[] } | { readonly gt?: V; readonly gte?: V; readonly lt?: V; readonly lte?: V }

/** Equality on the leading columns, a range on the last one given, nothing else. */
type Step<R, Eq extends keyof R, Last extends keyof R> = Flat<
  { readonly [K in Eq]-?: R[K] & {} } & { readonly [K in Last]-?: Range<R[K] & {}> } & {
    readonly [K in Exclude<keyof R, Eq | Last>]?: never
  }
>
/** An index has at most four columns, so this is written out, not recursive. */
type Prefixes<R, I> = I extends readonly [infer A extends keyof R, ...infer T]
  ? | Step<R, never, A>
    | (T extends readonly [infer B extends keyof R, ...infer U]
        ? | Step<R, A, B>
          | (U extends readonly [infer C extends keyof R, ...infer V]
              ? Step<R, A | B, C> | (V extends readonly [infer D extends keyof R] ? Step<R, A | B | C, D> : never)
              : never)
        : never)
  : never

/** The rows of a model: `RowFor<typeof ballot>`. */
export type RowFor<M> = M extends Model<any, infer R, any, any> ? R : never
/** The whole key of one row. */
export type KeyOf<M> =
  M extends Model<any, infer R, infer K, any> ? Flat<{ readonly [P in K[number] & keyof R]: R[P] }> : never
/** What rows can be asked for by: a prefix of the key or of a declared index, equality first, a range last. */
export type Where<M> = M extends Model<any, infer R, infer K, infer I> ? Prefixes<R, K | I> : never
/** One row: its whole key, and any further condition on it. */
export type One<M> =
  M extends Model<any, infer R, infer K, any>
    ? Flat<
        { readonly [P in K[number] & keyof R]: R[P] } & {
          readonly [P in Exclude<keyof R, K[number]>]?: Range<R[P] & {}>
        }
      >
    : never
type NumberKeys<R> = { [K in keyof R]-?: R[K] extends number | undefined ? K : never }[keyof R]
/** New values; `undefined` removes an optional one. */
export type SetOf<M> =
  M extends Model<any, infer R, infer K, any>
    ? { readonly [P in Exclude<keyof R, K[number]>]?: {} extends Pick<R, P> ? R[P] | undefined : R[P] }
    : never
/** What is added to number columns, in the same step as the change. */
export type AddOf<M> =
  M extends Model<any, infer R, infer K, any> ? { readonly [P in Exclude<NumberKeys<R>, K[number]>]?: number } : never
