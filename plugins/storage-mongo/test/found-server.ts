import { findServer } from '@natter/servers'
import type { FoundServer } from '@natter/servers'

/** What is used of AVA's `test`. */
interface Registers {
  readonly skip: (title: string, run: (t: { fail(): boolean }) => void) => void
  readonly after: { readonly always: (run: () => Promise<void>) => void }
}

/** The server for a file of tests, stopped behind them; where there is none, a skipped test says why. */
export async function foundServer(test: Registers): Promise<FoundServer | undefined> {
  const server = await findServer('mongo')
  if ('missing' in server) {
    test.skip(`MISSING: ${server.missing}`, (t) => void t.fail())
    return undefined
  }
  test.after.always(() => server.stop())
  return server
}

/** Why no server of one's own can be started, if so: there may be one at an address only. */
export async function missingPrograms(): Promise<string | undefined> {
  const { TEST_MONGO_URL: address, ...env } = process.env
  const server = await findServer('mongo', address?.startsWith('missing:') ? process.env : env)
  if ('missing' in server) return server.missing
  await server.stop()
  return undefined
}

/** The address of a new database, dropped behind the test. */
export async function scratchUrl(
  server: FoundServer,
  t: { teardown(run: () => Promise<void>): void },
): Promise<string> {
  const scratch = await server.scratch()
  t.teardown(() => scratch.drop())
  return scratch.url
}
