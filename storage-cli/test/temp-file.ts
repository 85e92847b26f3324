import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The urls of files in a folder that goes with the test. */
export function tempFiles(t: { teardown(run: () => void): void }): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'natter-storage-cli-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return (name) => `sqlite:${join(folder, name)}`
}
