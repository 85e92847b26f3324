import { hasPrograms, serverNames } from '@natter/servers'
import type { DatabaseKind } from '@natter/servers'
import { Lacking } from '../run/lacking.js'
import { LoneDatabases } from './lone-databases.js'
import { ReplicatedDatabase } from './replicated-database.js'

/** Starts database servers of the run's own: one at an address belongs to somebody. @throws Lacking */
export const openDatabases = (kinds: readonly DatabaseKind[]): Promise<LoneDatabases> =>
  having(kinds, () => LoneDatabases.open(kinds))

/** The same, with MongoDB as a replica set of three. @throws Lacking */
export const openReplicaSet = (kinds: readonly DatabaseKind[]): Promise<ReplicatedDatabase> =>
  having(kinds, () => ReplicatedDatabase.open(kinds))

async function having<T>(kinds: readonly DatabaseKind[], open: () => Promise<T>): Promise<T> {
  const lacking = lackingOf(kinds)
  if (lacking !== undefined) throw new Lacking(lacking)
  try {
    return await open()
  } catch (error) {
    throw new Lacking(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/**
 * Which of these servers is not to be had here, and why. An address `missing:…` says that there is to be none, as everywhere
 * in the tests.
 */
export function lackingOf(kinds: readonly DatabaseKind[]): string | undefined {
  for (const kind of kinds) {
    const { title, variable } = serverNames[kind]
    const url = process.env[variable]
    if (url?.startsWith('missing:')) return `${title}: ${decodeURIComponent(url.slice('missing:'.length))}`
    if (!hasPrograms(kind)) return `${title} on this machine: node servers/dist/install.js ${kind}`
  }
  return undefined
}
