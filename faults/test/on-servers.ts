import type { ExecutionContext, TestFn } from 'ava'
import { lackingOf } from '#src/databases/open-databases.js'
import { storeKind } from '#src/process/stores.js'
import type { StoreName } from '#src/process/stores.js'

export type ServerStore = Exclude<StoreName, 'sqlite'>

/** Declares a test for each of these stores; where there is no server for one, a skipped one says so. */
export function onServers(
  test: TestFn,
  stores: readonly ServerStore[],
  title: (store: ServerStore) => string,
  run: (t: ExecutionContext, store: ServerStore) => Promise<void>,
): void {
  for (const store of stores) {
    const lacking = lackingOf(storeKind(store).databases)
    if (lacking !== undefined) test.skip(`MISSING: ${title(store)} (needs ${lacking})`, (t) => t.fail())
    else
      test.serial(title(store), async (t) => {
        t.timeout(600_000)
        await run(t, store)
      })
  }
}
