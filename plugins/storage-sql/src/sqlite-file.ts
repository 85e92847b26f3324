import { SqlErrors } from './errors.js'

/**
 * The path in an `sqlite:` url: `sqlite:data/chat.db`, `sqlite:///srv/chat.db`, `sqlite::memory:`.
 *
 * @throws STORAGE_SQL_URL_UNKNOWN
 */
export function sqliteFile(url: string): string {
  const [, scheme, rest] = /^([a-z0-9+]+):(.*)$/s.exec(url) ?? []
  const file = rest?.replace(/^\/\/(?=\/|[^/])/, '')
  if (scheme === 'sqlite' && file) return file
  throw SqlErrors.URL_UNKNOWN({
    message: `storage-sql knows no database for the url "${scheme ?? url}:…".\n  Name an SQLite file: storageSql({ url: 'sqlite:data/chat.db' }).`,
  })
}
