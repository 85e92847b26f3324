import type { Db } from 'mongodb'
import { MongoErrors } from './errors.js'

/** What a replica set says of itself. What this user may not read is absent. */
export interface Settings {
  readonly writeConcernMajorityJournalDefault?: boolean
  readonly storageEngine?: { readonly name: string; readonly persistent: boolean }
}

/** The server refuses the question, not the answer. */
const unauthorized = 13

/** Reads how the set keeps what it acknowledges. */
export async function readSettings(admin: Db): Promise<Settings> {
  const ask = async (command: string): Promise<Record<string, unknown>> => {
    try {
      return await admin.command({ [command]: 1 })
    } catch (error) {
      if ((error as { code?: unknown }).code === unauthorized) return {}
      throw error
    }
  }
  const { config } = (await ask('replSetGetConfig')) as { config?: Settings }
  const { storageEngine } = (await ask('serverStatus')) as Settings
  const journal = config?.writeConcernMajorityJournalDefault
  return {
    ...(journal !== undefined && { writeConcernMajorityJournalDefault: journal }),
    ...(storageEngine && { storageEngine }),
  }
}

/**
 * We ask for the journal with every write (https://www.mongodb.com/docs/manual/reference/write-concern/); what a majority
 * acknowledges to others, and so what we read, is journalled only where the set says so.
 *
 * @returns whether what is acknowledged survives a power cut.
 * @throws STORAGE_MONGO_DURABILITY_WEAK, unless that was accepted by name.
 */
export function checkDurability(settings: Settings, durability: 'full' | 'unsafe'): boolean {
  const { writeConcernMajorityJournalDefault: journal, storageEngine: engine } = settings
  const wrong = [
    journal === false && 'writeConcernMajorityJournalDefault is false',
    engine?.persistent === false && `the storage engine ${engine.name} keeps nothing`,
  ].filter((problem) => problem !== false)
  if (wrong.length === 0) return durability === 'full'
  if (durability === 'unsafe') return false
  throw MongoErrors.DURABILITY_WEAK({
    message: `storage-mongo: the database does not write through to the disk, so an acknowledged message can be lost in a power cut (${wrong.join(', ')}).\n  Correct it, or accept it by name: storageMongo({ durability: 'unsafe' }).`,
  })
}
