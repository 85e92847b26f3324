import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import Koa from 'koa'
import { pictureBytes, pictureRow } from '#src/contract.js'
import { codeOf, eventsOf, groupOf, serve, serveTogether } from './serve.js'
import type { Served } from './serve.js'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const gif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
const none = 'NATTER_NOT_FOUND'

/** What is under an address, as a browser gets it. */
async function web(t: { teardown(run: () => unknown): void }, { chat }: Pick<Served, 'chat'>) {
  const server = createServer(new Koa().use(chat.middleware()).callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo
  return (address: string) => fetch(`http://127.0.0.1:${port}/chat/${address}`)
}

test('an admin gives the group a picture, which is served inert under an address of its own', async (t) => {
  const server = await serve(t)
  const get = await web(t, server)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  await alice.groups.giveRole({ group, user: 'bob', role: 'admin' })
  const { settings } = await bob.groups.setPicture({ group, image: png })
  t.regex(settings.avatar, new RegExp(`^groups/picture/${group}/[A-Za-z0-9_-]{22}$`))
  t.is((await alice.groups.get({ group })).settings.avatar, settings.avatar)
  const served = await get(settings.avatar)
  t.is(served.status, 200)
  t.deepEqual(Buffer.from(await served.arrayBuffer()), Buffer.from(png, 'base64'))
  t.is(served.headers.get('content-type'), 'image/png')
  t.is(served.headers.get('x-content-type-options'), 'nosniff')
  t.is(served.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'; sandbox")
  t.is((await get(settings.avatar.replace(/.{22}$/, 'A'.repeat(22)))).status, 404)
  t.is((await get(settings.avatar.replace(group, 'another'))).status, 404)
})

test('the same picture again changes nothing; another takes its place; it goes when it is taken away', async (t) => {
  const server = await serve(t)
  const get = await web(t, server)
  const alice = await server.client('alice')
  const group = await groupOf(alice)
  const first = (await alice.groups.setPicture({ group, image: png })).settings.avatar
  t.is((await alice.groups.setPicture({ group, image: png })).settings.avatar, first)
  t.deepEqual(await eventsOf(alice, group), ['created', 'set'])
  const second = (await alice.groups.setPicture({ group, image: gif })).settings.avatar
  t.is((await get(second)).headers.get('content-type'), 'image/gif')
  t.is((await get(first)).status, 404)
  await alice.groups.set({ group, settings: { name: 'Climbers' } })
  t.is((await get(second)).status, 200, 'another name is no other picture')
  t.is((await alice.groups.set({ group, settings: { avatar: '' } })).settings.avatar, '')
  t.is((await get(second)).status, 404)
  const third = (await alice.groups.setPicture({ group, image: gif })).settings.avatar
  t.not(third, second, 'an address comes never again')
  await alice.groups.dissolve({ group })
  t.is((await get(third)).status, 404)
})

test('a group that ends with the account of its only member leaves no picture', async (t) => {
  const server = await serve(t)
  const get = await web(t, server)
  const alice = await server.client('alice')
  const group = await groupOf(alice)
  const { avatar } = (await alice.groups.setPicture({ group, image: png })).settings
  await server.chat.users.erase('alice')
  t.is((await get(avatar)).status, 404)
})

test('who may not describe a group gives it no picture, and is not told what they sent', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob])
  for (const image of [png, 'AAAA']) {
    t.is(await codeOf(bob.groups.setPicture({ group, image })), 'GROUPS_NOT_ALLOWED')
    t.is(await codeOf(carol.groups.setPicture({ group, image })), none)
    t.is(await codeOf(carol.groups.setPicture({ group: 'none', image })), none)
  }
  t.deepEqual(await eventsOf(alice, group), ['created', 'joined'])
})

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').toString('base64')
const large = Buffer.concat([Buffer.from(png, 'base64'), Buffer.alloc(pictureBytes)]).toString('base64')
for (const [what, image, message] of [
  ['a drawing that can hold scripts', svg, 'A picture is a PNG, JPEG, WebP or GIF.'],
  ['text', Buffer.from('hello').toString('base64'), 'A picture is a PNG, JPEG, WebP or GIF.'],
  ['what is no base64', 'hello!!!', 'The picture is not base64.'],
  ['a picture that is too large', large, 'A picture has at most 40 KiB.'],
] as const) {
  test(`${what} is no picture for a group`, async (t) => {
    const server = await serve(t)
    const alice = await server.client('alice')
    const group = await groupOf(alice)
    await t.throwsAsync(alice.groups.setPicture({ group, image }), { code: 'GROUPS_PICTURE_REFUSED', message } as never)
    t.is((await alice.groups.get({ group })).settings.avatar, '')
  })
}

test('a picture as large as may be fits into a frame', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const group = await groupOf(alice)
  const image = Buffer.concat([Buffer.from(png, 'base64'), Buffer.alloc(pictureBytes)])
  await alice.groups.setPicture({ group, image: image.subarray(0, pictureBytes).toString('base64') })
  t.not((await alice.groups.get({ group })).settings.avatar, '')
})

test('a picture that a server left behind goes with the next one, and one that another is about to set stays', async (t) => {
  const together = await serveTogether(t, 1)
  const rows = together.store.records('groups', pictureRow)
  const alice = await together.servers[0].client('alice')
  const group = await groupOf(alice)
  const row = (picture: string) => ({ group, picture, hash: picture, type: 'image/png', data: png })
  await rows.insert({ ...row('left'), at: together.clock.now() - 3_600_001 })
  await rows.insert({ ...row('underway'), at: together.clock.now() - 60_000 })
  const { avatar } = (await alice.groups.setPicture({ group, image: png })).settings
  const kept = (await rows.page({ group })).rows.map(({ picture }) => picture)
  t.deepEqual(kept.sort(), ['underway', avatar.split('/').at(-1)!].sort())
})
