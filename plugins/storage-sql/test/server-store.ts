import type { TestFn } from 'ava'
import { findServer } from '@natter/servers'
import type { DatabaseKind, FoundServer, ScratchDatabase } from '@natter/servers'

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
