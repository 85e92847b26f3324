import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { storageConformance } from '@natter/testkit'
import type { OpenStore, StoreSetting } from '@natter/testkit'
import { openFile } from './temp-store.js'

interface Opened extends OpenStore {
  readonly folder: string
}
const folders: string[] = []
test.after.always(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'natter-sql-'))
  folders.push(folder)
  return folder
}
async function openIn(folder: string, setting: StoreSetting): Promise<Opened> {
  const storage = await openFile(join(folder, 'chat.db'), setting)
  return { storage, folder, close: () => storage.close() }
}

// #region conformance
storageConformance<Opened>(test.serial, {
  name: 'sqlite',
  open: (setting) => openIn(newFolder(), setting),
  reopen: ({ folder }, setting) => openIn(folder, setting),
  beside: ({ folder }, setting) => openIn(folder, setting),
  async copy({ folder }) {
    const copied = newFolder()
    cpSync(folder, copied, { recursive: true })
    return (setting) => openIn(copied, setting)
  },
  without: ['elsewhere', 'older'],
})
// #endregion
