import { StartError } from './stop-readably.js'

/** What the environment decides. */
export interface Settings {
  readonly port: number
  /** `undefined`: every address of this machine. */
  readonly host: string | undefined
  readonly databaseUrl: string
  readonly dataDir: string
  /** A reverse proxy stands in front and tells the visitor's address and protocol. */
  readonly proxy: boolean
}

export const usage = `Starts the Natter server. Everything is set in the environment:

  PORT          Where it listens. Default: 3000; 0 takes a free one.
  HOST          On which address. Default: all of this machine; 127.0.0.1 keeps it to yourself.
  DATA_DIR      Folder of the database and of the server's secrets. Default: data
  DATABASE_URL  sqlite:<path of a file>. Default: sqlite:<DATA_DIR>/chat.db
  PROXY         1 behind a reverse proxy that sets X-Forwarded-For and X-Forwarded-Proto.

GET /healthz says whether it runs, GET /readyz whether it takes messages.`

/** @throws StartError that says which value is wrong and what it may be; with status 0 when help was asked for. */
export function readSettings(env: NodeJS.ProcessEnv, args: readonly string[]): Settings {
  if (args.some((arg) => arg === '--help' || arg === '-h')) throw new StartError(usage, 0)
  if (args.length > 0) throw new StartError(`There is no option "${args.join(' ')}"; --help shows what can be set.`)
  const dataDir = env.DATA_DIR || 'data'
  return {
    port: port(env.PORT || '3000'),
    host: env.HOST || undefined,
    databaseUrl: env.DATABASE_URL || `sqlite:${dataDir}/chat.db`,
    dataDir,
    proxy: flag('PROXY', env.PROXY),
  }
}

function port(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 65_535) return value
  throw new StartError(`PORT is "${text}"; it must be a whole number from 0 to 65535.`)
}

function flag(name: string, text = ''): boolean {
  if (['1', 'true', 'yes'].includes(text)) return true
  if (['', '0', 'false', 'no'].includes(text)) return false
  throw new StartError(`${name} is "${text}"; it must be 1 or 0.`)
}
