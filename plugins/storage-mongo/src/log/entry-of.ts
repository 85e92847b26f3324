import type { BulkLines, LogEntry } from '@natter/core/contract'
import type { Block } from './documents.js'

/** What readers get of a block. */
export type ReadBlock = Pick<Block, '_id' | 'k' | 'n' | 'at' | 'p' | 'w'>

/** An entry of a block, as it is given to readers; `skipped` entries of it were not read. */
export function entryOf(block: ReadBlock, place: number, skipped = 0): LogEntry {
  const read = place - skipped
  const key = block.k[read]!.split('\0')
  // of an erased author: an empty name, the seq, the client id
  const [from, clientId] = key.length === 2 ? [key[0]!, key[1]!] : ['', key[2]!]
  const changedBy = block.w?.[place]
  const { c, f } = block._id
  const entry = {
    conversation: c,
    seq: f + place,
    n: block.n[read]!,
    from,
    clientId,
    at: block.at[read]!,
    body: block.p[read]!,
  }
  return changedBy === undefined ? entry : { ...entry, changedBy }
}

/** The same as it travels: see `entryText` of the core. A page is made of many, so each is written without being an object first. */
export function wireText(block: ReadBlock, place: number, skipped = 0): string {
  const read = place - skipped
  const key = block.k[read]!
  const cut = key.indexOf('\0')
  const clientId = key.slice((cut === 0 ? key.indexOf('\0', 1) : cut) + 1)
  const changedBy = block.w?.[place]
  const changed = changedBy === undefined ? '' : `,${changedBy}`
  const body = block.p[read]! || '{}'
  return `[${block._id.f + place},${block.n[read]!},"${key.slice(0, cut)}",${block.at[read]!},"${clientId}",${body}${changed}]`
}

/** An entry of a block, as it is copied. */
export function entryLine(block: Block, place: number): BulkLines['entry'] {
  const { changedBy = 0, ...entry } = entryOf(block, place)
  return { ...entry, digest: block.d[place]!, changedBy }
}
