import { deflateSync } from 'node:zlib'
import test from 'ava'
import { readAvatar } from '#src/avatars.js'
import { serve } from './serve.js'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const webp = Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64')
const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
  'base64',
)
/** A PNG of which only the header is true. */
function pngOf(width: number, height: number, filler = 0): Buffer {
  const header = Buffer.alloc(25)
  header.writeUInt32BE(13, 0)
  header.write('IHDR', 4)
  header.writeUInt32BE(width, 8)
  header.writeUInt32BE(height, 12)
  header.set([8, 6, 0, 0, 0], 16)
  const data = deflateSync(Buffer.alloc(16))
  const length = Buffer.alloc(8)
  length.writeUInt32BE(data.length)
  length.write('IDAT', 4)
  return Buffer.concat([png.subarray(0, 8), header, length, data, Buffer.alloc(4 + filler)])
}

for (const [type, bytes] of Object.entries({ png, gif, webp, jpeg })) {
  test(`a ${type} picture is recognised by its content`, async (t) => {
    const picture = await readAvatar(bytes.toString('base64'))
    t.is(picture.type, `image/${type}`)
    t.deepEqual(picture.bytes, bytes)
    t.regex(picture.hash, /^[A-Za-z0-9_-]{22}$/)
  })
}

const refused: Readonly<Record<string, string>> = {
  SVG: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString('base64'),
  'SVG with an XML head': Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>').toString(
    'base64',
  ),
  HTML: Buffer.from('<!doctype html><script>alert(1)</script>').toString('base64'),
  'a PDF': Buffer.from('%PDF-1.7\n%âãÏÓ\n').toString('base64'),
  'a Windows bitmap': Buffer.from('BM' + '\0'.repeat(60)).toString('base64'),
  'an icon': Buffer.from([0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 32, 0, 4, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0, 0]).toString(
    'base64',
  ),
  text: Buffer.from('hello').toString('base64'),
  'nothing but a signature': png.subarray(0, 8).toString('base64'),
  'a picture of 30,000 pixels a side': pngOf(30_000, 30_000).toString('base64'),
  'a picture one pixel too wide': pngOf(2_049, 1).toString('base64'),
  'a picture one byte too large': pngOf(1, 1, 65_536 - pngOf(1, 1).length + 1).toString('base64'),
  base64url: png.toString('base64url').replace(/.$/, '_'),
  'base64 with line breaks': png.toString('base64').replace(/(.{40})/, '$1\n'),
  'a data URL': `data:image/png;base64,${png.toString('base64')}`,
}
for (const [what, image] of Object.entries(refused)) {
  test(`${what} is no picture for a person`, async (t) => {
    await t.throwsAsync(readAvatar(image), { code: 'AUTH_AVATAR_REFUSED' } as never)
  })
}

test('a picture as large as may be is taken', async (t) => {
  const largest = pngOf(2_048, 2_048, 65_536 - pngOf(1, 1).length)
  t.is(largest.length, 65_536)
  t.is((await readAvatar(largest.toString('base64'))).type, 'image/png')
})

test('a picture reaches every device, is served inert under an address of its own, and can be removed', async (t) => {
  const { call, register, connect, url } = await serve(t)
  const { accessToken: token, user } = await register('alice')
  const device = await connect({ token })
  const { status, body } = await call('PUT', '/me/avatar', { image: png.toString('base64') }, { token })
  t.is(status, 200)
  t.regex(body['avatar'], new RegExp(`^auth/avatar/${user.id}/[A-Za-z0-9_-]{22}$`))
  t.like((await device.next('e'))[2], { avatar: body['avatar'] })

  const response = await fetch(`${url}/chat/${body['avatar']}`)
  t.is(response.status, 200)
  t.deepEqual(Buffer.from(await response.arrayBuffer()), png)
  t.is(response.headers.get('content-type'), 'image/png')
  t.is(response.headers.get('x-content-type-options'), 'nosniff')
  t.is(response.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'; sandbox")
  t.regex(response.headers.get('cache-control')!, /immutable/)

  const path = `/${body['avatar'].split('/').slice(1).join('/')}`
  t.is((await call('GET', path.replace(/.{22}$/, 'A'.repeat(22)))).status, 404)
  t.is((await call('GET', path.replace(user.id, 'nobody'))).status, 404)
  t.false('avatar' in (await call('DELETE', '/me/avatar', undefined, { token })).body)
  t.false('avatar' in ((await device.next('e'))[2] as object))
  t.is((await call('GET', path)).status, 404)
})

test('a picture that is refused changes nothing', async (t) => {
  const { call, register } = await serve(t)
  const { accessToken: token } = await register('alice')
  const before = (await call('PUT', '/me/avatar', { image: png.toString('base64') }, { token })).body['avatar']
  const svg = await call('PUT', '/me/avatar', { image: refused['SVG']! }, { token })
  t.is(svg.status, 422)
  t.is(svg.body['error'].code, 'AUTH_AVATAR_REFUSED')
  t.is((await call('GET', '/me', undefined, { token })).body['avatar'], before)
})
