import type { BulkLines, LogEntry } from '@natter/core/contract'
import type { Block } from './documents.js'

/** An entry of a block, as it is given to readers. */
export function entryOf(block: Block, place: number): LogEntry {
  const key = block.k[place]!.split('\0')
  // of an erased author: an empty name, the seq, the client id
  const [from, clientId] = key.length === 2 ? [key[0]!, key[1]!] : ['', key[2]!]
  const changedBy = block.w?.[place]
  const { c, f } = block._id
  const entry = {
    conversation: c,
    seq: f + place,
    n: block.n[place]!,
    from,
    clientId,
    at: block.at[place]!,
    body: block.p[place]!,
  }
  return changedBy === undefined ? entry : { ...entry, changedBy }
}

/** An entry of a block, as it is copied. */
export function entryLine(block: Block, place: number): BulkLines['entry'] {
  const { changedBy = 0, ...entry } = entryOf(block, place)
  return { ...entry, digest: block.d[place]!, changedBy }
}
