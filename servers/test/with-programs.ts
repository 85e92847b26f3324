import test from 'ava'
import type { ExecutionContext } from 'ava'
import { serverNames } from '@natter/servers'
import type { DatabaseKind } from '@natter/servers'
import { engines } from '#src/engines.js'

export const kinds = Object.keys(serverNames) as DatabaseKind[]

/** The environment without addresses: what is found is on this machine. */
export const bare: NodeJS.ProcessEnv = { ...process.env }
for (const { variable } of Object.values(serverNames)) delete bare[variable]

/** A test for each kind of server whose programs are on this machine. */
export function withEach(title: string, run: (t: ExecutionContext, kind: DatabaseKind) => Promise<void>): void {
  for (const kind of kinds) withPrograms(kind, `${serverNames[kind].title}: ${title}`, (t) => run(t, kind))
}

export function withPrograms(kind: DatabaseKind, title: string, run: (t: ExecutionContext) => Promise<void>): void {
  if (engines[kind].find(bare)) return test.serial(title, run)
  const how = `Install it: node servers/dist/install.js ${kind}`
  test.skip(`MISSING: ${serverNames[kind].title} on this machine, for "${title}". ${how}`, (t) => t.fail())
}
