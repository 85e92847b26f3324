import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext, TestFn } from 'ava'
import { findServer } from '@natter/servers'
import { storeKind, storeNames } from '#src/process/stores.js'
import type { Place, StoreName } from '#src/process/stores.js'

/** Declares a test for each store, on an empty one; where its database server is missing, a skipped one says so. */
export async function onEveryStore(
  test: TestFn,
  title: (store: StoreName) => string,
  run: (t: ExecutionContext, store: StoreName, place: Place) => Promise<void>,
): Promise<void> {
  const kinds = [...new Set(storeNames.flatMap((store) => storeKind(store).databases))]
  const found = new Map(await Promise.all(kinds.map(async (kind) => [kind, await findServer(kind)] as const)))
  test.after.always('all servers end', async () => {
    await Promise.all([...found.values()].flatMap((server) => ('missing' in server ? [] : [server.stop()])))
  })
  for (const store of storeNames) {
    const servers = storeKind(store).databases.map((kind) => found.get(kind)!)
    const present = servers.flatMap((server) => ('missing' in server ? [] : [server]))
    const missing = servers.find((server) => 'missing' in server)
    if (missing) {
      test.skip(`MISSING: ${title(store)} (needs ${missing.missing})`, (t) => t.fail())
      continue
    }
    test.serial(title(store), async (t) => {
      t.timeout(600_000)
      const folder = await mkdtemp(join(tmpdir(), 'natter-faults-store-'))
      const scratches = await Promise.all(present.map((server) => server.scratch()))
      t.teardown(async () => {
        await Promise.all(scratches.map((scratch) => scratch.drop()))
        await rm(folder, { recursive: true, force: true })
      })
      await run(t, store, { folder, databases: scratches.map(({ url }) => url) })
    })
  }
}
