import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import Driver from 'libsql'
import { configSchema, openStore } from '@natter/storage-sql'
import { FakeClock, storageConformance } from '@natter/testkit'
import type { OpenStore, StoreSetting } from '@natter/testkit'
import { olderFile } from './older-file.js'
import { restore } from './sqlite-dump.js'
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
  elsewhere: {
    module: new URL('./fixtures/open-elsewhere.js', import.meta.url),
    place: ({ folder }) => join(folder, 'chat.db'),
  },
  async refuse({ folder }, text) {
    const driver = new Driver(join(folder, 'chat.db'))
    driver.exec(`create trigger refuse before insert on natter_entry when instr(new.body, '${text}')
      begin select raise(abort, 'refused'); end`)
    driver.close()
  },
  async copy({ folder }) {
    const copied = newFolder()
    cpSync(folder, copied, { recursive: true })
    return (setting) => openIn(copied, setting)
  },
  bulk: async (closed) => {
    const folder = closed?.folder ?? newFolder()
    const config = configSchema.parse({ url: `sqlite:${join(folder, 'chat.db')}` })
    const storage = await openStore(config, new FakeClock())
    return { storage, folder, close: () => storage.close() }
  },
  older: [1].map((version) => ({
    release: `version ${version}`,
    async open(setting) {
      const folder = newFolder()
      restore(join(folder, 'chat.db'), readFileSync(olderFile(version), 'utf8'))
      return openIn(folder, setting)
    },
  })),
})
// #endregion
