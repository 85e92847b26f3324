import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema, openStore } from '@natter/storage-sql'
import type { SqlConfig, SqlStore } from '@natter/storage-sql'
import type { StoreSetting } from '@natter/testkit'

/** A folder that goes with the test. */
export function tempFolder(t: { teardown(run: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'natter-sql-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store at an address, prepared. */
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

/** A store on a file, prepared. */
export const openFile = (file: string, setting: StoreSetting, options: Partial<SqlConfig> = {}): Promise<SqlStore> =>
  openUrl(`sqlite:${file}`, setting, options)
