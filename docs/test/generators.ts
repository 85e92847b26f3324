import { pathToFileURL } from 'node:url'
import { root } from './doc-samples.js'

interface Code {
  readonly code: string
}
/** Files by path below the root. */
type Generated = Readonly<Record<string, string>>

const load = (name: string) => import(pathToFileURL(`${root}/scripts/${name}`).href)

/** What writes the tables of errors. */
export const errorTables = () =>
  load('error-docs.mjs') as Promise<{
    catalogues(): Promise<ReadonlyMap<string, readonly Code[]>>
    clientCodes(): readonly (Code & { readonly meaning: string })[]
    codesInSources(prefixes: readonly string[]): readonly (Code & { readonly file: string })[]
    errorDocs(page?: string): Promise<Generated>
  }>

/** What writes the tables of options. */
export const configTables = () => load('config-docs.mjs') as Promise<{ configDocs(page?: string): Promise<Generated> }>

/** What writes the list of decisions. */
export const decisions = () => load('decision-index.mjs') as Promise<{ decisionIndex(page?: string): Generated }>
