import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import test from 'ava'
import { importJWK, jwtVerify } from 'jose'
import type { DerivedKey } from '@natter/core'
import { accessTokens } from '#src/access-tokens.js'

const now = Date.UTC(2026, 0, 1)
const options = { issuer: 'natter', audience: 'natter', lifeMs: 600_000 }
const seed = (kid: string): DerivedKey => ({ kid, key: Buffer.alloc(32, kid) })
const claims = { user: 'alice', device: 'phone', session: 'a-session', version: 3 }
const tokens = accessTokens([seed('new'), seed('old')], options)

const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const good = {
  header: { alg: 'EdDSA', typ: 'at+jwt', kid: 'new' },
  payload: {
    sid: 'a-session',
    did: 'phone',
    sv: 3,
    sub: 'alice',
    iss: 'natter',
    aud: 'natter',
    iat: now / 1000,
    exp: now / 1000 + 600,
  },
}
const { createPrivateKey } = await import('node:crypto')
const ours = (kid: string) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed(kid).key]),
    format: 'der',
    type: 'pkcs8',
  })
/** A token made by hand, signed by our own key unless told otherwise: so that only what is named is wrong with it. */
function forge(
  header: Record<string, unknown> = {},
  payload: Record<string, unknown> = {},
  signWith: KeyObject | ((input: Buffer) => Buffer) = ours('new'),
): string {
  const text = `${b64({ ...good.header, ...header })}.${b64({ ...good.payload, ...payload })}`
  const input = Buffer.from(text)
  const signature = typeof signWith === 'function' ? signWith(input) : sign(null, input, signWith)
  return `${text}.${signature.toString('base64url')}`
}
const stranger = generateKeyPairSync('ed25519').privateKey
const strangerJwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
const publicJwk = tokens.jwks.keys[0]!
const hmac =
  (key: string | Buffer, algorithm = 'sha256') =>
  (input: Buffer) =>
    createHmac(algorithm, key).update(input).digest()
const es256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

test('a token of ours is read, by each key that still counts', async (t) => {
  const { accessToken, expiresAt } = await tokens.issue(claims, now)
  t.is(expiresAt, now + 600_000)
  t.deepEqual(await tokens.verify(accessToken, now), { ...claims, expiresAt })
  const before = accessTokens([seed('old')], options)
  t.truthy(await tokens.verify((await before.issue(claims, now)).accessToken, now))
  t.is(await before.verify(accessToken, now), undefined)
})

test('the hand-made token that the forgeries start from is a good one', async (t) => {
  t.like(await tokens.verify(forge(), now), claims)
})

test('the published keys verify a token without us', async (t) => {
  const { accessToken } = await tokens.issue(claims, now)
  const { payload, protectedHeader } = await jwtVerify(accessToken, await importJWK(publicJwk, 'EdDSA'), {
    currentDate: new Date(now),
  })
  t.is(payload.sub, 'alice')
  t.is(protectedHeader.kid, 'new')
  t.false(JSON.stringify(tokens.jwks).includes('"d"'))
})

test('a token is good for 30 seconds after its end and not longer', async (t) => {
  const { accessToken } = await tokens.issue(claims, now)
  t.truthy(await tokens.verify(accessToken, now + 629_000))
  t.is(await tokens.verify(accessToken, now + 631_000), undefined)
})

const [head, body, signature] = forge().split('.') as [string, string, string]
const flipped = Buffer.from(signature, 'base64url')
flipped[0]! ^= 1
const forgeries: Readonly<Record<string, string>> = {
  empty: '',
  'not a token': 'alice',
  'two parts': `${head}.${body}`,
  'four parts': `${head}.${body}.${signature}.${signature}`,
  'only dots': '..',
  'no signature': `${head}.${body}.`,
  'a signature with one bit changed': `${head}.${body}.${flipped.toString('base64url')}`,
  'a signature cut short': `${head}.${body}.${signature.slice(0, -4)}`,
  'a signature of zeros': `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
  'another body under the same signature': `${head}.${b64({ ...good.payload, sub: 'mallory' })}.${signature}`,
  'another header under the same signature': `${b64({ ...good.header, kid: 'old' })}.${body}.${signature}`,
  'a header that is not JSON': `${b64('{')}.${body}.${signature}`,
  'a body that is not JSON': forgeText(b64(good.header), b64('alice')),
  'a body that is an array': forgeText(b64(good.header), b64([good.payload])),
  'alg none': forge({ alg: 'none' }, {}, () => Buffer.alloc(0)),
  'alg None': forge({ alg: 'None' }, {}, () => Buffer.alloc(0)),
  'alg none with a signature of ours': forge({ alg: 'none' }),
  'no alg': forge({ alg: undefined }),
  'alg as a list': forge({ alg: ['EdDSA'] }),
  'HS256 with the public key as the secret': forge(
    { alg: 'HS256' },
    {},
    hmac(Buffer.from(String(publicJwk['x']), 'base64url')),
  ),
  'HS256 with the public key as text': forge({ alg: 'HS256' }, {}, hmac(String(publicJwk['x']))),
  'HS256 with the whole public key': forge({ alg: 'HS256' }, {}, hmac(JSON.stringify(publicJwk))),
  'HS256 with an empty secret': forge({ alg: 'HS256' }, {}, hmac('')),
  HS512: forge({ alg: 'HS512' }, {}, hmac(seed('new').key, 'sha512')),
  'HMAC under the name EdDSA': forge({}, {}, hmac(seed('new').key)),
  ES256: forge({ alg: 'ES256' }, {}, (input) => sign('sha256', input, { key: es256, dsaEncoding: 'ieee-p1363' })),
  RS256: forge({ alg: 'RS256' }, {}, (input) => sign('sha256', input, rsa)),
  'the name Ed25519 for the same signature': forge({ alg: 'Ed25519' }),
  'another Ed25519 key': forge({}, {}, stranger),
  'another key under our old kid': forge({ kid: 'old' }, {}, stranger),
  'our old key under the new kid': forge({ kid: 'new' }, {}, ours('old')),
  'an unknown kid': forge({ kid: 'elsewhere' }),
  'no kid': forge({ kid: undefined }),
  'a kid that is a path': forge({ kid: '../../dev/null' }),
  'a kid of the prototype': forge({ kid: '__proto__' }),
  'its own key as jwk': forge({ jwk: strangerJwk }, {}, stranger),
  'a jwk beside our own signature': forge({ jwk: strangerJwk }),
  jku: forge({ jku: 'https://attacker.example/jwks.json' }),
  x5u: forge({ x5u: 'https://attacker.example/cert.pem' }),
  x5c: forge({ x5c: ['MIIB'] }),
  x5t: forge({ x5t: 'AAAA' }),
  crit: forge({ crit: ['exp'] }),
  'crit of an unknown extension': forge({
    crit: ['http://example.com/UNDEFINED'],
    'http://example.com/UNDEFINED': true,
  }),
  'b64 false': forge({ b64: false, crit: ['b64'] }),
  'typ JWT': forge({ typ: 'JWT' }),
  'typ of an identity token': forge({ typ: 'id+jwt' }),
  'no typ': forge({ typ: undefined }),
  'another issuer': forge({}, { iss: 'elsewhere' }),
  'no issuer': forge({}, { iss: undefined }),
  'another audience': forge({}, { aud: 'elsewhere' }),
  'no audience': forge({}, { aud: undefined }),
  'an audience list without us': forge({}, { aud: ['elsewhere', 'natter2'] }),
  expired: forge({}, { exp: now / 1000 - 31 }),
  'no expiry': forge({}, { exp: undefined }),
  'an expiry that is text': forge({}, { exp: '9999999999' }),
  'not valid before later': forge({}, { nbf: now / 1000 + 60 }),
  'no time of issue': forge({}, { iat: undefined }),
  'no subject': forge({}, { sub: undefined }),
  'a subject that is a number': forge({}, { sub: 7 }),
  'no session': forge({}, { sid: undefined }),
  'a session that is an object': forge({}, { sid: { $ne: null } }),
  'no device': forge({}, { did: undefined }),
  'no version': forge({}, { sv: undefined }),
  'a version that is text': forge({}, { sv: '3' }),
  'random bytes': randomBytes(200).toString('base64url'),
}
function forgeText(header: string, payload: string): string {
  const text = `${header}.${payload}`
  return `${text}.${sign(null, Buffer.from(text), ours('new')).toString('base64url')}`
}

for (const [what, token] of Object.entries(forgeries)) {
  test(`a forged token does not count: ${what}`, async (t) => {
    t.is(await tokens.verify(token, now), undefined)
  })
}
