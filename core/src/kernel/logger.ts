/** What a plugin logs with: a pino child that names the plugin and redacts secrets and message bodies. */
export interface Logger {
  debug(details: object | string, message?: string): void
  info(details: object | string, message?: string): void
  warn(details: object | string, message?: string): void
  error(details: object | string, message?: string): void
}

/** A logger that makes loggers with further fields on every line. */
export interface ParentLogger extends Logger {
  child(bindings: object): ParentLogger
}
