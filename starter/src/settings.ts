import type { OidcProvider } from '@natter/auth/oidc'
import { StartError } from './stop-readably.js'

/** What the environment decides. */
export interface Settings {
  readonly port: number
  /** `undefined`: every address of this machine. */
  readonly host: string | undefined
  /** `undefined`: everything is in MongoDB. */
  readonly databaseUrl: string | undefined
  readonly mongoUrl: string | undefined
  readonly dataDir: string
  /** The origin under which browsers reach it, like `https://chat.example.org`. Passkeys are bound to it. */
  readonly publicUrl: string | undefined
  /** Where people log in that have no account here yet. */
  readonly provider: OidcProvider | undefined
  /** A reverse proxy stands in front and tells the visitor's address and protocol. */
  readonly proxy: boolean
}

export const usage = `Starts the Natter server. Everything is set in the environment:

  PORT          Where it listens. Default: 3000; 0 takes a free one.
  HOST          On which address. Default: all of this machine; 127.0.0.1 keeps it to yourself.
  DATA_DIR      Folder of the database and of the server's secrets. Default: data
  DATABASE_URL  sqlite:<path of a file>, postgres://… or mariadb://…. Default: sqlite:<DATA_DIR>/chat.db
  MONGO_URL     mongodb://… of a replica set. Alone: everything is there. With DATABASE_URL: messages, the rest in SQL.
  PUBLIC_URL    Where browsers reach it, like https://chat.example.org. Default: http://localhost:<PORT>
  PROXY         1 behind a reverse proxy that sets X-Forwarded-For and X-Forwarded-Proto.

Log in with accounts elsewhere (OpenID Connect); the redirect URI is <PUBLIC_URL>/chat/auth/oidc/callback/sso:

  OIDC_ISSUER         Address of the provider, exactly as it calls itself.
  OIDC_CLIENT_ID      As the provider registered this server.
  OIDC_CLIENT_SECRET  What it gave for it, if it did.
  OIDC_NAME           What people call the provider. Default: its host name.

GET /healthz says whether it runs, GET /readyz whether it takes messages.`

/** @throws StartError that says which value is wrong and what it may be; with status 0 when help was asked for. */
export function readSettings(env: NodeJS.ProcessEnv, args: readonly string[]): Settings {
  if (args.some((arg) => arg === '--help' || arg === '-h')) throw new StartError(usage, 0)
  if (args.length > 0) throw new StartError(`There is no option "${args.join(' ')}"; --help shows what can be set.`)
  const dataDir = env.DATA_DIR || 'data'
  return {
    port: port(env.PORT || '3000'),
    host: env.HOST || undefined,
    databaseUrl: sqlUrl(env.DATABASE_URL) || (env.MONGO_URL ? undefined : `sqlite:${dataDir}/chat.db`),
    mongoUrl: env.MONGO_URL || undefined,
    dataDir,
    publicUrl: origin(env.PUBLIC_URL),
    provider: provider(env),
    proxy: flag('PROXY', env.PROXY),
  }
}

function port(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 65_535) return value
  throw new StartError(`PORT is "${text}"; it must be a whole number from 0 to 65535.`)
}

function sqlUrl(text = ''): string {
  // its text may hold a password
  if (/^mongodb\b/i.test(text)) throw new StartError('DATABASE_URL is the address of a MongoDB; set MONGO_URL to it.')
  return text
}

function origin(text = ''): string | undefined {
  if (text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash) return url.origin
  throw new StartError(`PUBLIC_URL is "${text}"; it must be an address without a path, like https://chat.example.org.`)
}

function provider(env: NodeJS.ProcessEnv): OidcProvider | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, OIDC_NAME: name } = env
  if (!issuer && !clientId) return undefined
  if (!issuer || !clientId) throw new StartError('OIDC_ISSUER and OIDC_CLIENT_ID go together; one of them is missing.')
  if (!URL.canParse(issuer)) throw new StartError(`OIDC_ISSUER is "${issuer}"; it must be an https: address.`)
  return { id: 'sso', name: name || new URL(issuer).hostname, issuer, clientId, ...(clientSecret && { clientSecret }) }
}

function flag(name: string, text = ''): boolean {
  if (['1', 'true', 'yes'].includes(text)) return true
  if (['', '0', 'false', 'no'].includes(text)) return false
  throw new StartError(`${name} is "${text}"; it must be 1 or 0.`)
}
