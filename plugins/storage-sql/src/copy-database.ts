import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Driver from 'libsql'
import { makeFolder } from '@natter/core/storage'
import { SqlErrors } from './errors.js'
import { sqliteFile } from './sqlite-file.js'

/** Waits this long for a transaction that writes, ms. */
const busyTimeout = 5_000
const onlyFiles =
  'What is copied so is an SQLite file, like sqlite:data/chat.db; a server has programs of its own for that.'

/**
 * Copies a database that is in use: one moment of it, whole, while servers go on writing. The copy is one file for this user
 * only, without a write-ahead log; it is there under its name when it is complete and on the disk, and not before.
 *
 * Call it in a process of its own, as backups are: it works for as long as the copying takes, and nothing else runs meanwhile.
 *
 * @param url As given to `storageSql`.
 * @param to Where to; nothing may be there yet.
 * @throws STORAGE_SQL_URL_UNKNOWN, STORAGE_SQL_COPY_FAILED
 * @example
 * copyDatabase('sqlite:data/chat.db', 'backups/monday/chat.db')
 */
export function copyDatabase(url: string, to: string): void {
  const file = sqliteFile(url, onlyFiles)
  if (!existsSync(file)) throw failed(`there is no ${file}`)
  const draft = `${to}.part`
  try {
    makeFolder(dirname(to))
    rmSync(draft, { force: true })
    closeSync(openSync(draft, 'wx', 0o600))
    copy(file, draft)
    // SQLite does not sync what it writes here (https://sqlite.org/lang_vacuum.html).
    sync(draft, 'r+')
    // A link, unlike a rename, never replaces an earlier copy.
    linkSync(draft, to)
    // A folder cannot be opened on Windows.
    if (process.platform !== 'win32') sync(dirname(to), 'r')
  } catch (error) {
    const there = (error as { code?: unknown }).code === 'EEXIST'
    throw failed(there ? `${to} is there already; choose another name` : (error as Error).message, error)
  } finally {
    rmSync(draft, { force: true })
  }
}

function copy(file: string, draft: string): void {
  const driver = new Driver(file)
  try {
    driver.exec(`PRAGMA busy_timeout = ${busyTimeout}`)
    // Not prepared: a statement that is kept would keep the connection open behind `close`.
    driver.exec(`VACUUM INTO '${draft.replaceAll("'", "''")}'`)
  } finally {
    driver.close()
  }
}

function sync(path: string, mode: 'r' | 'r+'): void {
  const opened = openSync(path, mode)
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

const failed = (why: string, cause?: unknown) =>
  SqlErrors.COPY_FAILED({ message: `The database could not be copied: ${why}.`, ...(cause ? { cause } : {}) })
