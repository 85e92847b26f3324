import { SqlErrors } from '../errors.js'

/** The driver and the server's place, without the password: `db.example:5432/chat`. */
export async function reachable(url: string): Promise<{ readonly pg: typeof import('pg'); readonly place: string }> {
  const place = placeOf(url)
  try {
    const { default: pg } = (await import('pg')) as unknown as { default: typeof import('pg') }
    return { pg, place }
  } catch (cause) {
    throw SqlErrors.DRIVER_MISSING({
      message: 'storage-sql needs the driver "pg" for PostgreSQL.\n  Install it: npm install pg',
      cause,
    })
  }
}

function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url)
    return `${hostname || 'localhost'}:${port || 5432}${pathname}`
  } catch {
    throw SqlErrors.URL_UNKNOWN({
      message:
        'storage-sql cannot read the url of the database.\n  Write it as postgres://user:password@host:5432/name, with special letters as %XX.',
    })
  }
}
