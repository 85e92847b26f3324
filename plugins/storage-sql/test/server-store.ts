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

/** Tests on a server: `tests` registers them. Where there is no server, one skipped test says so. */
export async function onServer(test: TestFn, kind: DatabaseKind, tests: (server: TestServer) => void): Promise<void> {
  const found = await findServer(kind)
  if ('missing' in found) {
    test.skip(`MISSING: ${found.missing}`, (t) => t.fail())
    return
  }
  const server = new TestServer(found)
  test.after.always('the server ends', () => server.stop())
  tests(server)
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
