import { pino } from 'pino'
import type { DestinationStream, Level, LevelWithSilent } from 'pino'
import type { Logger, ParentLogger } from './logger.js'
import { redact, withoutCredentials } from './redact.js'

/** What is asked of a host's logger: any pino logger fits. */
export interface HostLogger {
  child(bindings: object): HostLogger
  isLevelEnabled(level: string): boolean
  debug(details: object | string, message?: string): void
  info(details: object | string, message?: string): void
  warn(details: object | string, message?: string): void
  error(details: object | string, message?: string): void
}
export interface LoggerOptions {
  /** Default: `info`. Not with `logger`, which has its own. */
  readonly level?: LevelWithSilent
  /** The host's own pino. */
  readonly logger?: HostLogger
  /** Where lines go; default: standard output. Not with `logger`. */
  readonly destination?: DestinationStream
}

/**
 * The root of all logging: pino, ours or the host's. Whatever its own redaction is, details pass through `redact` first,
 * so that neither secrets nor message bodies are written.
 */
export function createLogger({ level = 'info', logger, destination }: LoggerOptions = {}): ParentLogger {
  if (logger !== undefined) return redacting(logger)
  // Errors arrive as copies by `redact`, with all of their causes; pino's own serializer would drop these.
  const serializers = { err: (copy: unknown) => copy }
  return redacting(pino({ level, serializers }, destination as DestinationStream))
}

function redacting(logger: HostLogger): ParentLogger {
  const write = (level: Level & keyof Logger) => (details: object | string, message?: string) => {
    if (!logger.isLevelEnabled(level)) return
    const seen = redact(details instanceof Error ? { err: details } : details) as object | string
    logger[level](seen, message === undefined ? undefined : withoutCredentials(message))
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (bindings) => redacting(logger.child(redact(bindings) as object)),
  }
}
