import type { Program } from './orders.js'
import type { ServerName } from './server-names.js'

/** Settings of a server, by the names that it gives them itself, like `{ fsync: 'off' }`. */
export type ServerSettings = Readonly<Record<string, string | number>>

/** Where the programs of a server are. */
export type Programs = Readonly<Record<string, string>>

/** What a server says of itself. */
export interface Hello {
  readonly version: string
  /** Where it keeps its data; empty if it does not say. */
  readonly data: string
}

/** What is different from one kind of server to the next. */
export interface Engine extends ServerName {
  /** Ends it in good order and without waiting for clients. */
  readonly stopSignal: NodeJS.Signals
  /** It refuses to run as root. */
  readonly refusesRoot: boolean
  find(env: NodeJS.ProcessEnv): Programs | undefined
  /** What is run once over an empty folder for the data. */
  prepare(programs: Programs, data: string): readonly Program[]
  serve(programs: Programs, data: string, port: number, settings: ServerSettings): Program
  url(port: number): string
  /** What a server still needs at its first start, when it answers. */
  begin(port: number): Promise<void>
  /** Rejects while the server does not serve. */
  hello(url: string): Promise<Hello>
  /** Makes an empty database; its address. */
  create(url: string, name: string): Promise<string>
  drop(url: string, name: string): Promise<void>
}
