import { serverNames } from '@natter/servers'
import type { DatabaseKind } from '@natter/servers'
import { Lacking } from '../run/lacking.js'
import { LoneDatabase } from './lone-database.js'
import { ReplicatedDatabase } from './replicated-database.js'

/** Starts a database server of the run's own: one at an address belongs to somebody. @throws Lacking */
export const openDatabase = (kind: DatabaseKind): Promise<LoneDatabase> => having(kind, () => LoneDatabase.open(kind))

/** Starts a replica set of MongoDB. @throws Lacking */
export const openReplicaSet = (): Promise<ReplicatedDatabase> => having('mongo', () => ReplicatedDatabase.open())

/** An address `missing:…` says that there is to be none, as everywhere in the tests. */
async function having<T>(kind: DatabaseKind, open: () => Promise<T>): Promise<T> {
  const { title, variable } = serverNames[kind]
  const url = process.env[variable]
  if (url?.startsWith('missing:')) throw new Lacking(`${title}: ${decodeURIComponent(url.slice('missing:'.length))}`)
  try {
    return await open()
  } catch (error) {
    throw new Lacking(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
