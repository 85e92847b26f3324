import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { actions } from '@natter/actions'
import { auth } from '@natter/auth'
import { Accounts } from '@natter/auth/contract'
import type { Chat, Plugin } from '@natter/core'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { search } from '@natter/search'
import { createTestChat, RawDevice } from '@natter/testkit'
import type { FakeClock, TestContext } from '@natter/testkit'

/** All plugins that keep anything. */
export const allPlugins = (): readonly Plugin[] => [
  auth(),
  offline(),
  friends(),
  presence(),
  groups(),
  actions({ history: 'kept' }),
  search(),
]

interface Person {
  readonly id: string
  readonly token: string
  readonly device: RawDevice
}
interface Made {
  readonly group: string
}

/** A server on this store with people who talk by HTTP and WebSocket, as apps do. */
export async function serveAll(
  t: TestContext,
  { storage, clock, plugins = allPlugins() }: { storage: Plugin; clock?: FakeClock; plugins?: readonly Plugin[] },
) {
  const server = createServer().listen(0, '127.0.0.1')
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const made = await createTestChat(t, { identity: null, storage, plugins, ...(clock && { clock }) })
  const chat = made.chat as unknown as Chat
  const app = new Koa()
  app.use(chat.middleware())
  server.on('request', app.callback())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post = async (path: string, body: object, token?: string, method: 'POST' | 'PUT' = 'POST') => {
    const headers = {
      'content-type': 'application/json',
      origin: url,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    }
    const answer = await fetch(`${url}/chat/auth${path}`, { method, headers, body: JSON.stringify(body) })
    return { status: answer.status, text: await answer.text() }
  }
  const connect = async (token: string) => {
    const device = RawDevice.connect(chat)
    await device.hello({ token })
    return device
  }
  const register = async (handle: string, name: string, device: string): Promise<Person> => {
    const { status, text } = await post('/register', {
      handle,
      name,
      password,
      mode: 'token',
      device: { name: device },
    })
    if (status !== 201) throw new Error(text)
    const { accessToken: token, user } = JSON.parse(text) as { accessToken: string; user: { id: string } }
    return { id: user.id, token, device: await connect(token) }
  }
  return { chat, clock: made.clock, post, connect, register }
}
export type Server = Awaited<ReturnType<typeof serveAll>>

export const password = 'correct horse battery'
/** One pixel, with a comment in it. */
const picture = 'R0lGODlhAQABAIAAAAAAAP///yH+CW1hcmstcGl4ZQAh+QQAAAAAACwAAAAAAQABAAACAkQBADs='

/** What is unique to the person who goes, by what it is. */
export const marks = {
  handle: 'markhandle',
  name: 'Mark-Name',
  laptop: 'mark-laptop',
  phone: 'mark-phone',
  status: 'mark-status',
  askedNote: 'mark-friend-note',
  ownRemark: 'mark-own-remark',
  remarkOnThem: 'mark-remark-by-other',
  friendGroup: 'mark-friend-group',
  direct: 'mark-direct-text',
  self: 'mark-self-text',
  inGroup: 'mark-group-text',
  draft: 'mark-draft',
  unedited: 'mark-before-edit',
  reply: 'mark-reply',
  scheduled: 'mark-scheduled',
  doorNote: 'mark-door-note',
  /** One word, so that the index of words has it as it is. */
  indexed: 'zyxwindexed',
  picture: picture.slice(20, 60),
} as const
/** What others must not lose. */
export const kept = {
  toThem: 'kept-text-to-them',
  inGroup: 'kept-text-in-group',
  about: 'kept-text-with-mention',
} as const

/** One who did all there is to do, and three whom they know. */
export async function live(server: Server) {
  const { register, post, connect, chat } = server
  const gone = await register(marks.handle, marks.name, marks.laptop)
  const bob = await register('bobby', 'Bob', 'bobs phone')
  const carol = await register('carola', 'Carol', 'carols phone')
  const dave = await register('davey', 'Dave', 'daves phone')
  const me = gone.device

  const again = await post('/login', { handle: marks.handle, password, mode: 'token', device: { name: marks.phone } })
  const second = await connect((JSON.parse(again.text) as { accessToken: string }).accessToken)
  await post('/me/avatar', { image: picture }, gone.token, 'PUT')
  await me.request('presence.set', { mode: 'auto', status: { text: marks.status } })

  await me.request('friends.request', { user: bob.id, note: 'hello' })
  await bob.device.request('friends.accept', { user: gone.id })
  await me.request('friends.remark', { user: bob.id, remark: marks.ownRemark })
  await bob.device.request('friends.remark', { user: gone.id, remark: marks.remarkOnThem })
  const { id: list } = await me.request<{ id: string }>('friends.createGroup', { name: marks.friendGroup })
  await me.request('friends.assign', { user: bob.id, groups: [list] })
  await me.request('friends.request', { user: carol.id, note: marks.askedNote })
  await me.request('friends.block', { user: dave.id })
  await me.request('friends.privacy', { call: 'friends' })

  await me.message({ user: bob.id }, { text: marks.direct })
  await bob.device.message({ user: gone.id }, { text: kept.toThem })
  for (let i = 0; i < 3; i++) await me.message({ user: bob.id }, { text: `${marks.direct} ${i}` })
  await me.message({ user: gone.id }, { text: `${marks.self} ${marks.indexed}` })
  const conversation = chat.conversations.direct(gone.id, bob.id)
  await me.request('offline.set', { conversation, draft: marks.draft, muted: 4_102_444_800_000 })
  await me.request('offline.mark', { conversation, read: 2 })
  await me.request('offline.privacy', { privateRead: true })
  await me.request('offline.mark', { conversation, read: 3 })

  await me.message({ user: bob.id }, { text: marks.unedited })
  const act = (what: string, seq: number, more: object = {}) =>
    me.request(`actions.${what}`, { conversation, seq, ...more })
  await act('edit', 6, { text: `${marks.direct} edited` })
  await act('react', 2, { emoji: '👍' })
  await act('pin', 2)
  await me.message(conversation, { type: 'reply', to: 2, text: marks.reply })
  await me.request('actions.remove', { conversation, seqs: [3] })

  const at = server.clock.now() + 30 * 86_400_000
  await me.request('actions.schedule', { to: conversation, body: { text: marks.scheduled }, at, id: 'later' })
  await bob.device.request('actions.schedule', { to: { user: gone.id }, body: { text: 'to them' }, at, id: 'later' })

  const create = async (who: Person, key: string, settings: object) =>
    (await who.device.request<Made>('groups.create', { key, settings: { name: key, ...settings } })).group
  const group = (who: Person, what: string, of: string, more: object = {}) =>
    who.device.request(`groups.${what}`, { group: of, ...more })
  // theirs, with an heir; theirs alone; another's, where they had a say; and three that only name them
  const own = await create(gone, 'own', { door: 'open' })
  await group(bob, 'join', own)
  await group(gone, 'makeLink', own, { key: 'l1' })
  const alone = await create(gone, 'alone', {})
  const other = await create(bob, 'other', { door: 'open', slowMs: 1_000 })
  for (const who of [gone, carol]) await group(who, 'join', other)
  await gone.device.message(other, { text: marks.inGroup })
  await bob.device.message(other, { text: kept.about, mentions: [gone.id] })
  const naming = { text: 'of them', mentions: [gone.id] }
  await bob.device.request('actions.schedule', { to: other, body: naming, at, id: 'naming' })
  await group(bob, 'giveRole', other, { user: gone.id, role: 'admin' })
  await group(gone, 'ban', other, { user: dave.id })
  await group(gone, 'mute', other, { user: carol.id, forMs: 60_000 })
  await group(bob, 'mute', other, { user: gone.id, forMs: 60_000 })
  const asked = await create(bob, 'asked', { door: 'ask' })
  await group(gone, 'join', asked, { note: marks.doorNote })
  const invited = await create(bob, 'invited', {})
  await group(bob, 'invite', invited, { user: gone.id })
  const banned = await create(bob, 'banned', { door: 'open' })
  await group(bob, 'ban', banned, { user: gone.id })
  const left = await create(bob, 'left', { door: 'open' })
  await group(gone, 'join', left)
  await gone.device.message(left, { text: marks.inGroup })
  await group(gone, 'leave', left)
  await bob.device.message(own, { text: kept.inGroup })
  await chat.get(Accounts).recoveryToken(gone.id)
  return { gone, second, bob, carol, dave, conversation, groups: { own, alone, other, asked, invited, banned, left } }
}
