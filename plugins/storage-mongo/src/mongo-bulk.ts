import { StorageErrors } from '@natter/core/contract'
import type { Bulk, BulkLines, BulkPart } from '@natter/core/contract'
import type { Document } from 'mongodb'
import { bulkReads } from './bulk-reads.js'
import { bulkWrites, finishMembers } from './bulk-writes.js'
import type { Collections, Stored } from './collections.js'
import type { Gate } from './gate.js'
import type { MongoLog } from './log/mongo-log.js'
import { widenStore } from './mongo-schema.js'
import { exclusive } from './store-lock.js'
import type { MetaDocument } from './store-lock.js'

/** The copy that a store is the target of, and how far it has come. */
type CopyDocument = Stored<string, { readonly source: string; readonly place?: string }>

const notes = (collections: Collections) => collections.of<CopyDocument>('meta')

/** @throws STORAGE_UNFINISHED */
export async function refuseUnfinished(collections: Collections): Promise<void> {
  if ((await notes(collections).findOne({ _id: 'copy' })) !== null) throw StorageErrors.UNFINISHED()
}

/** A MongoDB store from end to end. Lines are stored under their own keys, so a repeat is harmless; the place comes behind them. */
export function mongoBulk(collections: Collections, gate: Gate, log: MongoLog): Bulk {
  const reads = bulkReads(collections)
  const writes = bulkWrites(collections)
  return {
    read: <P extends BulkPart>(part: P, after: string | undefined, limit: number) =>
      gate.run(async () => {
        await log.settle()
        const place = after === undefined ? undefined : (JSON.parse(after) as readonly (string | number)[])
        const found = await reads[part](place, limit + 1)
        const lines = found.slice(0, limit)
        return {
          lines: lines.map(([line]) => line) as readonly BulkLines[P][],
          next: found.length > limit ? JSON.stringify(lines.at(-1)![1]) : undefined,
        }
      }),
    begin: (source) =>
      gate.run(() =>
        exclusive(collections.of<MetaDocument>('meta'), async () => {
          await widenStore(collections)
          const earlier = await notes(collections).findOne({ _id: 'copy' })
          if (earlier) {
            if (earlier.source !== source) throw StorageErrors.NOT_EMPTY()
            return earlier.place
          }
          for (const own of ['conversations', 'incarnations', 'kv', 'schema', 'steps', 'log']) {
            if ((await collections.of<Document & { readonly _id: unknown }>(own).findOne()) !== null) {
              throw StorageErrors.NOT_EMPTY()
            }
          }
          await notes(collections).insertOne({ _id: 'copy', source })
          return undefined
        }),
      ),
    write: (part, lines, place) =>
      gate.run(async () => {
        if (lines.length > 0) await writes[part](lines as never)
        await notes(collections).updateOne({ _id: 'copy' }, { $set: { place } })
      }),
    finish: () =>
      gate.run(async () => {
        await finishMembers(collections)
        await notes(collections).deleteOne({ _id: 'copy' })
      }),
  }
}
