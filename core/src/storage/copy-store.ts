import { createHash } from 'node:crypto'
import { StorageErrors } from '../contract/storage-errors.js'
import type { Bulk, BulkPart } from '../contract/bulk.js'
import type { Storage } from '../contract/storage.js'

/** Entries come behind their conversations, rows behind their models. */
const parts: readonly BulkPart[] = ['model', 'step', 'start', 'mark', 'kv', 'conversation', 'member', 'entry', 'row']
/** Lines that are stored in one commit. */
const most = 200

/** What a part came to: how many lines, and the SHA-256 of their JSON, a line each, in hexadecimal. */
export interface CopiedPart {
  readonly part: BulkPart
  readonly lines: number
  readonly sha256: string
}

/** Hears of lines that are stored in the copy, and later of lines that were read again. What it throws ends the copying. */
export type CopyProgress = (part: BulkPart, lines: number, done: 'copied' | 'compared') => void

/**
 * Copies all of a store into an empty one, and compares both. When it is called again after it was interrupted, it goes on
 * where it stopped. Neither store may be in use.
 *
 * @param source Tells this copy from another, like the url of the source without its password.
 * @returns What both have, part by part.
 * @throws STORAGE_NO_BULK, STORAGE_NOT_EMPTY; STORAGE_DIFFERS when the source was written to meanwhile.
 * @example
 * const parts = await copyStore('sqlite:data/chat.db', from, to, (part, lines, done) => console.log(part, lines, done))
 */
export async function copyStore(
  source: string,
  from: Storage,
  to: Storage,
  onProgress: CopyProgress = () => undefined,
): Promise<readonly CopiedPart[]> {
  const [reader, writer] = [bulkOf(from), bulkOf(to)]
  const place = await writer.begin(source)
  const { part: first, after } = place === undefined ? { part: 0, after: undefined } : placeOf(place)
  for (const [i, part] of parts.entries()) {
    if (i >= first) await copyPart(reader, writer, i, part, i === first ? after : undefined, onProgress)
  }
  const copied: CopiedPart[] = []
  for (const part of parts) {
    const compared = (lines: number) => onProgress(part, lines, 'compared')
    const [had, has] = await Promise.all([digestOf(reader, part), digestOf(writer, part, compared)])
    if (had.lines !== has.lines || had.sha256 !== has.sha256) throw differs(had, has)
    copied.push(has)
  }
  await writer.finish()
  return copied
}

async function copyPart(
  reader: Bulk,
  writer: Bulk,
  place: number,
  part: BulkPart,
  behind: string | undefined,
  onProgress: CopyProgress,
): Promise<void> {
  let after = behind
  do {
    const { lines, next } = await reader.read(part, after, most)
    const then = next === undefined ? { part: place + 1 } : { part: place, after: next }
    await writer.write(part, lines, JSON.stringify(then))
    onProgress(part, lines.length, 'copied')
    after = next
  } while (after !== undefined)
}

const placeOf = (text: string) => JSON.parse(text) as { readonly part: number; readonly after?: string }

async function digestOf(
  bulk: Bulk,
  part: BulkPart,
  onLines: (lines: number) => void = () => undefined,
): Promise<CopiedPart> {
  const hash = createHash('sha256')
  let count = 0
  let after: string | undefined
  do {
    const { lines, next } = await bulk.read(part, after, most)
    for (const line of lines) hash.update(`${JSON.stringify(line, sorted)}\n`)
    count += lines.length
    onLines(lines.length)
    after = next
  } while (after !== undefined)
  return { part, lines: count, sha256: hash.digest('hex') }
}

/** Objects by name, so that the order in which a store gives them does not count. */
function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function bulkOf({ bulk, description }: Storage): Bulk {
  if (bulk) return bulk
  throw StorageErrors.NO_BULK({
    message: `${description} cannot be copied: its backend has no bulk reading and writing.`,
  })
}

function differs(had: CopiedPart, has: CopiedPart): Error {
  return StorageErrors.DIFFERS({
    message: `The copy is not what the source is: ${had.lines} against ${has.lines} lines of "${had.part}". Stop all servers on both, and copy again into an empty store.`,
    details: { part: had.part, source: had, copy: has },
  })
}
