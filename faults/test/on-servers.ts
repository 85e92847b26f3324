import type { ExecutionContext, TestFn } from 'ava'
import type { DatabaseKind } from '@natter/servers'
import { openDatabase } from '#src/databases/open-database.js'

const kinds: readonly DatabaseKind[] = ['postgres', 'mariadb', 'mongo']

/** Declares a test for each store that needs a database server; where there is none to be had, a skipped one says so. */
export async function onServers(
  test: TestFn,
  title: (store: DatabaseKind) => string,
  run: (t: ExecutionContext, store: DatabaseKind) => Promise<void>,
): Promise<void> {
  // All are looked for before the first is declared: AVA takes no test after a wait.
  const looked = await Promise.all(
    kinds.map(async (store) => ({
      store,
      lacking: await openDatabase(store).then(
        (database) => database.close(),
        (error: Error) => error.message,
      ),
    })),
  )
  for (const { store, lacking } of looked) {
    if (lacking !== undefined) test.skip(`MISSING: ${title(store)} (needs ${lacking})`, (t) => t.fail())
    else
      test.serial(title(store), async (t) => {
        t.timeout(600_000)
        await run(t, store)
      })
  }
}
