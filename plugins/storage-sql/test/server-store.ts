import type { TestFn } from 'ava'
import { configSchema, openStore } from '@natter/storage-sql'
import type { SqlConfig, SqlStore } from '@natter/storage-sql'
import { findServer } from '@natter/servers'
import type { DatabaseKind, FoundServer, ScratchDatabase } from '@natter/servers'
import type { StoreSetting } from '@natter/testkit'

/** A store on a server, prepared. */
export async function openUrl(
  url: string,
  { models, steps, clock }: StoreSetting,
  options: Partial<SqlConfig> = {},
): Promise<SqlStore> {
  const store = await openStore(configSchema.parse({ url, ...options }), clock)
  try {
    await store.prepare(models, steps ?? [])
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Tests on servers: `tests` registers them for each. Where there is none, one skipped test says so. */
export async function onServers(
  test: TestFn,
  kinds: readonly DatabaseKind[],
  tests: (server: TestServer, kind: DatabaseKind) => void,
): Promise<void> {
  const found = await Promise.all(kinds.map((kind) => findServer(kind)))
  for (const each of found) {
    if ('missing' in each) {
      test.skip(`MISSING: ${each.missing}`, (t) => t.fail())
      continue
    }
    const server = new TestServer(each)
    test.after.always(`${each.kind} ends`, () => server.stop())
    tests(server, each.kind)
  }
}

/** A server, and the databases made on it. */
export class TestServer {
  readonly found: FoundServer
  readonly #databases: ScratchDatabase[] = []

  constructor(found: FoundServer) {
    this.found = found
  }

  /** The url of a new and empty database. */
  async database(): Promise<string> {
    const database = await this.found.scratch()
    this.#databases.push(database)
    return database.url
  }

  async stop(): Promise<void> {
    for (const database of this.#databases) await database.drop()
    await this.found.stop()
  }
}

/** Tests on one kind of server. */
export const onServer = (test: TestFn, kind: DatabaseKind, tests: (server: TestServer) => void): Promise<void> =>
  onServers(test, [kind], tests)
