import { SqlErrors } from './errors.js'

const written = 'sqlite:data/chat.db, postgres://user:password@host/name or mariadb://user:password@host/name'

/**
 * The path in an `sqlite:` url: `sqlite:data/chat.db`, `sqlite:///srv/chat.db`, `sqlite::memory:`.
 *
 * @param other What to do with an url of anything else, for people.
 * @throws STORAGE_SQL_URL_UNKNOWN
 */
export function sqliteFile(url: string, other = otherwise(url)): string {
  const [, scheme, rest] = /^([a-z0-9+]+):(.*)$/s.exec(url) ?? []
  const file = rest?.replace(/^\/\/(?=\/|[^/])/, '')
  if (scheme === 'sqlite' && file) return file
  // what comes after the first colon can be a password
  const shown = url.replace(/:.*/s, ':…')
  throw SqlErrors.URL_UNKNOWN({
    message: `storage-sql knows no database for the url "${shown}".\n  ${other}`,
  })
}

function otherwise(url: string): string {
  if (!/^mongodb\b/i.test(url)) return `Write it as ${written}.`
  return 'MongoDB is no SQL database: give its url to storageMongo of @natter/storage-mongo.'
}
