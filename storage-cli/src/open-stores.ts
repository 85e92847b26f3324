import { existsSync } from 'node:fs'
import { NatterError } from '@natter/core/contract'
import type { Storage } from '@natter/core/contract'
import type { Side } from './order.js'
import { CopyError, UsageError } from './refusals.js'

export type OpenedStore = Storage & { close(): Promise<void> }

const clock = { now: () => Date.now(), monotonic: () => performance.now() }

/**
 * Opens what is copied, brings it to this version as a start of the server would, and looks whether there is anything. Its
 * durability does not matter any more.
 *
 * @throws CopyError, UsageError; STORAGE_… when it cannot be opened; STORAGE_UNFINISHED when it is half of another copy.
 */
export async function openSource(side: Side): Promise<OpenedStore> {
  const { file, name } = side.place
  if (file !== undefined && !existsSync(file)) throw new CopyError(`There is nothing to copy: ${file} does not exist.`)
  const store = await open('from', side, 'unsafe')
  try {
    // before anything is made in a database that was named by mistake
    if (await untouched(store)) throw new CopyError(`There is nothing to copy: no server ever started on ${name}.`)
    await store.prepare([], [])
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Opens what is copied into, in full durability. @throws UsageError; STORAGE_… when it cannot be opened. */
export const openTarget = (side: Side): Promise<OpenedStore> => open('to', side, 'full')

async function open(name: 'from' | 'to', side: Side, durability: 'full' | 'unsafe'): Promise<OpenedStore> {
  const { url, schema, prefix, place } = side
  const options = { url, durability, ...(schema !== undefined && { schema }), ...(prefix !== undefined && { prefix }) }
  if (place.kind === 'mongo') {
    const mongo = await needed('@natter/storage-mongo', () => import('@natter/storage-mongo'))
    return mongo.openStore(checked(name, mongo.configSchema.safeParse(options)), clock)
  }
  const sql = await needed('@natter/storage-sql', () => import('@natter/storage-sql'))
  return sql.openStore(checked(name, sql.configSchema.safeParse(options)), clock)
}

/** Loads a package that only those install who need it. */
async function needed<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: string }
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message?.includes(name)) throw error
    throw new CopyError(`${name} is not installed, and this database needs it. Install it: npm install ${name}`)
  }
}

type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | {
      readonly success: false
      readonly error: { readonly issues: readonly { path: PropertyKey[]; message: string }[] }
    }

function checked<T>(name: string, parsed: Parsed<T>): T {
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new UsageError(`--${name}-${String(path[0])}: ${message}`)
}

async function untouched({ bulk }: OpenedStore): Promise<boolean> {
  try {
    for (const part of ['model', 'start'] as const) {
      if ((await bulk!.read(part, undefined, 1)).lines.length > 0) return false
    }
    return true
  } catch (error) {
    if (lacksTables(error)) return true
    throw error
  }
}

/** How PostgreSQL, MySQL and MariaDB, and SQLite say that a table is not there. */
function lacksTables(error: unknown): boolean {
  if (!NatterError.is(error)) return false
  const { code, errno, message } = (error.cause ?? {}) as { code?: unknown; errno?: unknown; message?: unknown }
  return code === '42P01' || errno === 1146 || /no such table/.test(String(message))
}
