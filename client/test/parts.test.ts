import { createHash } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { backoff } from '#src/backoff.js'
import { directId } from '#src/direct-id.js'
import { base64url, randomId } from '#src/ids.js'
import { sha256 } from '#src/sha256.js'
import { utf8Length } from '#src/utf8.js'

const hex = (bytes: readonly number[]) => Buffer.from(bytes).toString('hex')

test('SHA-256 gives the digests of FIPS 180-4', (t) => {
  const vectors = [
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ] as const
  for (const [message, digest] of vectors) t.is(hex(sha256(Buffer.from(message))), digest)
})

test('SHA-256 agrees with OpenSSL at every length around its blocks', (t) => {
  for (let length = 0; length <= 200; length++) {
    const message = Buffer.alloc(length, length)
    t.is(hex(sha256(message)), createHash('sha256').update(message).digest('hex'))
  }
})

test('a direct conversation has the id that the protocol names, whoever asks', (t) => {
  t.is(directId('alice', 'bob'), 'dZVMaju_qe5NpOm-BHfzXQ')
  t.is(directId('bob', 'alice'), 'dZVMaju_qe5NpOm-BHfzXQ')
  t.is(directId('alice', 'alice'), 'dfkklgxaNeM3C1zQbxRBVf')
  t.is(directId('Z', 'a'), 'dbJGRXADcnjRPKWxuaP2H3')
})

test('base64url agrees with Node', (t) => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      (bytes) => base64url(bytes) === Buffer.from(bytes).toString('base64url'),
    ),
  )
  t.regex(
    randomId((length) => new Uint8Array(length).fill(255)),
    /^[\w-]{22}$/,
  )
})

test('a text has as many bytes as UTF-8 gives it', (t) => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => utf8Length(text) === Buffer.byteLength(text)))
  t.is(utf8Length('aé€😀'), 10)
})

test('the delay doubles from half a second to half a minute, and chance takes any part of it', (t) => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => backoff(attempt, () => 1))
  t.deepEqual(longest, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  t.is(
    backoff(3, () => 0.25),
    1_000,
  )
  t.is(
    backoff(1_000, () => 1),
    30_000,
  )
})
