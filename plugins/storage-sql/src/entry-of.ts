import type { LogEntry } from '@natter/core/contract'
import type { EntryRow } from './log-verbs.js'

/** An entry from its row. */
export const entryOf = (conversation: string, [seq, n, from, clientId, at, body, changedBy]: EntryRow): LogEntry =>
  changedBy > 0
    ? { conversation, seq, n, from: from ?? '', clientId, at, body, changedBy }
    : { conversation, seq, n, from: from ?? '', clientId, at, body }
