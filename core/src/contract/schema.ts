/**
 * The structural part of Standard Schema v1 that Natter uses: zod, valibot, arktype or a hand-written object all fit.
 * Source: https://standardschema.dev
 */
export interface Schema<In = unknown, Out = In> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    // `rest` keeps libraries that take further options assignable.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    readonly validate: (value: unknown, ...rest: any[]) => unknown
    readonly types?: { readonly input: In; readonly output: Out } | undefined
  }
}
/** What goes into a schema. */
export type InputOf<S extends Schema> = NonNullable<S['~standard']['types']>['input']
/** What a schema gives once it has checked. */
export type OutputOf<S extends Schema> = NonNullable<S['~standard']['types']>['output']

/** What a Standard Schema answers: a value, or the issues. */
export type SchemaResult<Out> =
  { readonly value: Out; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }
/** One thing that a schema found wrong, and where. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}
