import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { NatterErrors } from '../errors.js'
import { makeFolder } from '../storage/make-folder.js'

const readableByOthers = 0o077

/**
 * The text of the file with the master secrets; on first use it is made, with a random one. Of several processes that
 * start at once, one makes it and all read the same.
 *
 * @throws NATTER_SECRET_EXPOSED when others may read it, NATTER_SECRET_UNREADABLE when it can be neither read nor made.
 */
export function readSecretFile(path: string): string {
  try {
    return readIfThere(path) ?? readMade(path)
  } catch (cause) {
    const code = (cause as { code?: unknown }).code
    if (typeof code === 'string' && code.startsWith('NATTER_')) throw cause
    throw NatterErrors.SECRET_UNREADABLE({
      message:
        `The file with the secrets, ${path}, can be neither read nor made (${String(code)}).\n` +
        '  Make its folder writable for this user, or set NATTER_SECRET.',
      cause,
    })
  }
}

function readIfThere(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  // Windows has no such bits.
  if (process.platform !== 'win32' && (stats.mode & readableByOthers) !== 0) {
    throw NatterErrors.SECRET_EXPOSED({
      message: `The file with the secrets, ${path}, can be read by others.\n  Run: chmod 600 ${path}. If others had access, make a new secret.`,
    })
  }
  return readFileSync(path, 'utf8')
}

function readMade(path: string): string {
  makeFolder(dirname(path))
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  writeDurably(draft, `${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}\n`)
  try {
    // A link, unlike a rename, never replaces what another process made meanwhile.
    linkSync(draft, path)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  syncFolder(dirname(path))
  return readIfThere(path) as string
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function syncFolder(path: string): void {
  // A folder cannot be opened on Windows.
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
