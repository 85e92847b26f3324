import test from 'ava'
import { listBytes } from '#src/postgres/list-bytes.js'

/** As a server reads it: `array_recv`, `int8recv` and `textrecv` of PostgreSQL. */
function read(bytes: Buffer | string): { readonly type: number; readonly values: unknown[] } {
  if (typeof bytes === 'string') throw new TypeError('a list in words')
  const [dimensions, , type, size, lowest] = [0, 4, 8, 12, 16].map((at) => bytes.readInt32BE(at))
  if (dimensions !== 1 || lowest !== 1) throw new TypeError('not a list of one dimension')
  const values: unknown[] = []
  let at = 20
  while (at < bytes.length) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length === -1) values.push(null)
    else values.push(type === 20 ? Number(bytes.readBigInt64BE(at)) : bytes.toString('utf8', at, at + length))
    at += Math.max(length, 0)
  }
  if (values.length !== size) throw new TypeError('another size than it says')
  return { type: type!, values }
}

test('numbers are what they were, up to where JavaScript counts', (t) => {
  const list = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 32 - 1, -(2 ** 32) - 5, 1_764_000_000_123]
  const all = [...list, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]
  t.deepEqual(read(listBytes(all)), { type: 20, values: all })
  t.deepEqual(read(listBytes([7, null])), { type: 20, values: [7, null] })
})

test('texts are what they were, whatever is in them', (t) => {
  const list = [
    '',
    'a',
    '{"text":"say \\"hi\\""}',
    'a,b',
    '{}',
    'NULL',
    'ß',
    '漢字',
    '👩‍💻',
    '\n\t\u0001',
    'x'.repeat(70_000),
  ]
  t.deepEqual(read(listBytes(list)), { type: 25, values: list })
  t.deepEqual(read(listBytes([null, 'a', null])), { type: 25, values: [null, 'a', null] })
})

test('a list that does not tell its type leaves it to the server', (t) => {
  t.is(listBytes([]), '{}')
  t.is(listBytes([null, null]), '{NULL,NULL}')
})

test('what has no place in a list is refused', (t) => {
  t.throws(() => listBytes([1.5]), { instanceOf: TypeError })
  t.throws(() => listBytes([2 ** 53]), { instanceOf: TypeError })
  t.throws(() => listBytes([1, 'a']), { instanceOf: TypeError })
  t.throws(() => listBytes(['a', 1]), { instanceOf: TypeError })
})
