import { NatterError } from '@natter/core/contract'
import { SqlErrors } from '../errors.js'
import { errorOf } from './fault.js'
import type { FaultOf } from './fault.js'

/** A server's place without the password: `db.example:5432/chat`. @throws STORAGE_SQL_URL_UNKNOWN */
export function placeOf(url: string, defaultPort: number): string {
  try {
    const { hostname, port, pathname } = new URL(url)
    return `${hostname || 'localhost'}:${port || defaultPort}${pathname}`
  } catch {
    const scheme = /^[a-z]+/.exec(url)?.[0] ?? 'postgres'
    throw SqlErrors.URL_UNKNOWN({
      message: `storage-sql cannot read the url of the database.\n  Write it as ${scheme}://user:password@host:${defaultPort}/name, with special letters as %XX.`,
    })
  }
}

/** Loads a driver, which only those install who need it. @throws STORAGE_SQL_DRIVER_MISSING */
export async function driver<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    const message = `storage-sql needs the driver "${name}" for this database.\n  Install it: npm install ${name}`
    throw SqlErrors.DRIVER_MISSING({ message, cause })
  }
}

/** At boot a person reads it, so it says where and why. */
export function unopened(server: string, place: string, error: unknown, faultOf: FaultOf): unknown {
  if (NatterError.is(error) && !(error.cause instanceof Error)) return error
  const cause = NatterError.is(error) ? error.cause : error
  const { code, status, retryable } = errorOf(error, faultOf)
  const said = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause)
  const message = `storage-sql cannot open ${server} at ${place}: ${said}.\n  Check the url: host, port, user, password and the name of the database.`
  return new NatterError(code, { status, retryable, message }, { cause })
}
