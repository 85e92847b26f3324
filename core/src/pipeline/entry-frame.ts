import type { LogEntry } from '../contract/index.js'

/**
 * The frame of an entry, as JSON text. The body is spliced in as it is stored; ids are of a set that needs no escaping.
 */
export function entryFrame(entry: LogEntry): string {
  return `["m","${entry.conversation}",${entry.seq},${entry.n},"${entry.from}",${entry.at},"${entry.clientId}",${entry.body === '' ? '{}' : entry.body}]`
}

/** The hint that a conversation has entries up to `seq`. */
export const headFrame = (conversation: string, seq: number): string => `["h","${conversation}",${seq}]`
