import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { StorageErrors } from '@natter/core/contract'
import type { AnsweringCollection } from './answering-collection.js'
import type { Stored } from './collections.js'
import { isDuplicate } from './faults.js'

/** Small facts about the store, by name. */
export type MetaDocument = Stored<string, { readonly owner?: string; readonly until?: Date; readonly value?: number }>

/** The lock is free again so long after its holder died, ms. The holder renews it three times as often. */
const lease = 15_000
/** Between two tries, ms, and how long to go on. */
const pauseMs = 50
const patience = 60_000

/**
 * Runs something while no other process does the same. The database has no locks of a session, so it is a document with an
 * end, by the clock of the database, that its holder puts off. A holder that stands still for longer than the lease loses it
 * unawares; what is done under it must bear that.
 *
 * @throws STORAGE_BUSY when another holds it for over a minute.
 */
export async function exclusive<T>(meta: AnsweringCollection<MetaDocument>, run: () => Promise<T>): Promise<T> {
  const owner = randomBytes(12).toString('base64url')
  const end = { $add: ['$$NOW', lease] }
  for (const giveUp = performance.now() + patience; !(await take()); await pause(pauseMs)) {
    if (performance.now() > giveUp)
      throw StorageErrors.BUSY({ message: 'Another server prepares the database. Try again.' })
  }
  const renewing = setInterval(() => {
    meta.updateOne({ _id: 'lock', owner }, [{ $set: { until: end } }]).catch((error: unknown) => {
      // the next third of the lease tries again
      void error
    })
  }, lease / 3)
  try {
    return await run()
  } finally {
    clearInterval(renewing)
    await meta.deleteOne({ _id: 'lock', owner })
  }

  async function take(): Promise<boolean> {
    const free = { $lt: [{ $ifNull: ['$until', new Date(0)] }, '$$NOW'] }
    const ours = { owner: { $cond: [free, owner, '$owner'] }, until: { $cond: [free, end, '$until'] } }
    try {
      const lock = await meta.findOneAndUpdate({ _id: 'lock' }, [{ $set: ours }], {
        upsert: true,
        returnDocument: 'after',
      })
      return lock?.owner === owner
    } catch (error) {
      // another process made it first
      if (isDuplicate(error)) return false
      throw error
    }
  }
}
