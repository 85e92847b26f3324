import { token } from './token.js'
import type { Token } from './token.js'

/**
 * The host's own open transaction, wrapped by the package that knows its database: `sql(trx)` of `@natter/storage-sql`.
 * Only the store of that database can look inside.
 */
export interface Within {
  /** The kind of database, for error messages. */
  readonly database: string
}

/** A message that was judged and is to be sent once the host's transaction has committed. */
export interface Intent {
  readonly conversation: string
  readonly from: string
  /** The other person of a direct conversation: it may have to be opened. */
  readonly peer?: string
  readonly clientId: string
  /** When it was judged, ms. */
  readonly at: number
  /** JSON text of the body, after the changes of hooks. */
  readonly body: string
  /** Keyed digest of the body as it was submitted. */
  readonly digest: string
}
/** An intent of a transaction that has committed. Ids ascend in the order in which one process wrote. */
export interface PendingIntent extends Intent {
  readonly id: string
}

/**
 * Intents in the database of a host. A row is all that is written in the host's transaction: it holds no lock that another
 * send would wait for, and no place in the conversation.
 */
export interface Intents {
  /**
   * Writes it in that transaction. What resolved is there when the transaction commits, and never otherwise.
   *
   * @throws STORAGE_… where the transaction is not one of this database, or the database refuses.
   */
  write(within: Within, intent: Intent): Promise<void>
  /** What committed and was not removed, in order of ids. */
  pending(limit: number): Promise<readonly PendingIntent[]>
  /** Removes one that was sent. Nothing happens where it is gone. */
  done(id: string): Promise<void>
  /** Tells when a transaction with intents has committed in this process: a hint, a look from time to time finds the rest. */
  onCommit(wake: () => void): void
}
export const Intents: Token<Intents, 'intents'> = token('intents').of()
