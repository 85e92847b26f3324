import type { HostLogger } from '@natter/core'

/** Writes what a server calls an error to standard error, one JSON line each, and nothing else. */
export const errorLogger: HostLogger = {
  child: () => errorLogger,
  isLevelEnabled: (level) => level === 'error',
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (details: object, message) => void process.stderr.write(`${JSON.stringify({ message, ...details })}\n`),
}
