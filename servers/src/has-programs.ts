import { engines } from './engines.js'
import type { DatabaseKind } from './found-server.js'

/** Whether `startServer` finds what it starts: also where `findServer` gives a server by its address. */
export function hasPrograms(kind: DatabaseKind, env: NodeJS.ProcessEnv = process.env): boolean {
  return engines[kind].find(env) !== undefined
}
