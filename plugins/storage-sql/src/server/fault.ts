import { NatterError, StorageErrors } from '@natter/core/contract'

/** What a server's refusal means. */
export interface Fault {
  readonly code: keyof typeof StorageErrors
  /**
   * What it spoils: the one request whose values it is about; a transaction that lost a race and may be done `again`; all
   * of a transaction; or the `connection`, and then nobody knows whether a commit that was under way is stored.
   */
  readonly scope: 'request' | 'again' | 'transaction' | 'connection'
}
export type FaultOf = (error: unknown) => Fault

/** The error that the caller gets. */
export function errorOf(error: unknown, faultOf: FaultOf): NatterError {
  return NatterError.is(error) ? error : StorageErrors[faultOf(error).code]({ cause: error })
}
