import type { ServerSettings } from './engine.js'

export interface StartOptions {
  /** Where the data is and stays. Without one it is a new folder, removed at the end. */
  readonly folder?: string
  /** Without one, any that is free. A MongoDB started again over its data needs the same. */
  readonly port?: number
  /** The server's own, like `{ fsync: 'off' }`; the default is durable, as in production. */
  readonly settings?: ServerSettings
  /** Where to look for the programs; the default is `process.env`. */
  readonly env?: NodeJS.ProcessEnv
}
