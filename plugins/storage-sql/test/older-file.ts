import { fileURLToPath } from 'node:url'

/** The kept store of a version of the tables, as SQL. */
export const olderFile = (version: number): string =>
  fileURLToPath(new URL(`../../test/fixtures/sqlite-version-${version}.sql`, import.meta.url))
