import { deflateRawSync } from 'node:zlib'
import test from 'ava'
import { unzipEntry } from '#src/install/unzip-entry.js'

/** A ZIP file with one entry behind another, each after a local header with an extra field. */
function zip(entries: readonly (readonly [name: string, content: string, deflated: boolean])[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, text, deflated] of entries) {
    const content = deflated ? deflateRawSync(text) : Buffer.from(text)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    local.writeUInt16LE(4, 28)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(deflated ? 8 : 0, 10)
    entry.writeUInt32LE(content.length, 20)
    entry.writeUInt32LE(Buffer.byteLength(text), 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt16LE(3, 32)
    entry.writeUInt32LE(at, 42)
    const part = Buffer.concat([local, Buffer.from(name), Buffer.alloc(4), content])
    parts.push(part)
    directory.push(entry, Buffer.from(name), Buffer.from('abc'))
    at += part.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, ...directory, end, Buffer.from('a comment')])
}

const file = zip([
  ['bin/other', 'stored', false],
  ['bin/mongod', 'deflated '.repeat(100), true],
])

test('an entry comes out as it went in, stored or deflated', (t) => {
  t.is(unzipEntry(file, /other$/).toString(), 'stored')
  t.is(unzipEntry(file, /mongod$/).toString(), 'deflated '.repeat(100))
})

test('what is no ZIP file, lacks the entry or is damaged is refused', (t) => {
  t.throws(() => unzipEntry(Buffer.from('x'.repeat(100)), /a/), { message: 'this is no ZIP file' })
  t.throws(() => unzipEntry(Buffer.alloc(0), /a/), { message: 'this is no ZIP file' })
  t.throws(() => unzipEntry(file, /mongos/), { message: 'the ZIP file has no entry like /mongos/' })
  const damaged = Buffer.from(file)
  // The size of the stored entry's content, before it was stored.
  damaged.writeUInt32LE(5, file.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24)
  t.throws(() => unzipEntry(damaged, /other$/), { message: 'the entry of the ZIP file is damaged' })
})
