import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file that is synced may be lost in a power cut with a folder that was not. Not every system can sync folders. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch {
    // as SQLite does with the folder of its files
  }
}

/**
 * Makes a folder and those above it, for this user only, and so that they outlive a power cut. Node's own `recursive` goes round forever below a file system
 * that makes no folders, like `/proc`.
 *
 * @throws what `mkdir` throws: ENOENT, EACCES, ENOTDIR, EROFS …
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  const above = dirname(path)
  if (above !== path) makeFolder(above)
  try {
    mkdirSync(path, { mode: 0o700 })
    syncFolder(above)
  } catch (error) {
    // Another process was faster.
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error
  }
}
