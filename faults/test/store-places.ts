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
  const found = await Promise.all(
    storeNames.map(async (store) => {
      const { database } = storeKind(store)
      return { store, server: database && (await findServer(database)) }
    }),
  )
  for (const { store, server } of found) {
    if (server && 'missing' in server) {
      test.skip(`MISSING: ${title(store)} (needs ${server.missing})`, (t) => t.fail())
      continue
    }
    if (server) test.after.always(`${store} ends`, () => server.stop())
    test.serial(title(store), async (t) => {
      t.timeout(600_000)
      const folder = await mkdtemp(join(tmpdir(), 'natter-faults-store-'))
      const scratch = await server?.scratch()
      t.teardown(async () => {
        await scratch?.drop()
        await rm(folder, { recursive: true, force: true })
      })
      await run(t, store, { folder, database: scratch?.url ?? '' })
    })
  }
}
