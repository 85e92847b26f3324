import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { makeFolder } from '@natter/core/storage'

test('a folder is made with those above it, for this user only, once or twice', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'natter-'))
  t.teardown(() => rmSync(root, { recursive: true }))
  const path = join(root, 'a/b/c')
  makeFolder(path)
  makeFolder(path)
  t.is(statSync(path).mode & 0o777, 0o700)
  writeFileSync(join(root, 'file'), '')
  t.throws(() => makeFolder(join(root, 'file/below')), { code: 'ENOTDIR' })
})

test('where no folder can be made it says so and returns', (t) => {
  if (!existsSync('/proc/self')) return t.pass('there is no /proc here')
  return t.throws(() => makeFolder('/proc/natter/data'), { code: 'ENOENT' })
})
