import { NatterError } from '@natter/core/contract'
import type { FaultOf } from './fault.js'
import type { Wire } from './wire.js'

/** Undoes what an error left open on a connection. Says why, if the connection is of no more use. */
export async function unusable(wire: Wire, error: unknown, faultOf: FaultOf): Promise<Error | undefined> {
  // an error of ours says nothing of the connection
  if (!NatterError.is(error) && faultOf(error).scope === 'connection') return error as Error
  try {
    await wire.run([{ sql: 'rollback', bindings: [] }])
    return undefined
  } catch (cause) {
    return cause as Error
  }
}
