import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema, openStore } from '@natter/storage-sql'
import type { SqlStore } from '@natter/storage-sql'
import type { StoreSetting } from '@natter/testkit'

/** A folder that goes with the test. */
export function tempFolder(t: { teardown(run: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'natter-sql-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store on a file, prepared. */
export async function openFile(
  file: string,
  { models, steps, clock }: StoreSetting,
  options: { readonly queue?: number; readonly batch?: number; readonly durability?: 'full' | 'unsafe' } = {},
): Promise<SqlStore> {
  const store = await openStore(configSchema.parse({ url: `sqlite:${file}`, ...options }), clock)
  try {
    await store.prepare(models, steps ?? [])
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
