import test from 'ava'
import type { Readable } from '@natter/client'
import { isHidden, isMarkedUnread, isMuted, offline } from '@natter/offline/client'
import type { OwnSettings } from '@natter/offline/client'
import { serve } from './serve.js'
import type { Served } from './serve.js'

const connect = (server: Served, token: string) => server.client(token, { plugins: [offline()] })

/** Resolves when it is as it should be. */
function until<T>(readable: Readable<T>, is: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    let stop: (() => void) | undefined
    const look = () => {
      if (!is(readable.get())) return
      stop?.()
      resolve(readable.get())
    }
    stop = readable.subscribe(look)
    look()
  })
}
/** Time goes on until it is so, as fast as it does outside. */
async function turning<T>({ clock }: Served, awaited: Promise<T>): Promise<T> {
  let over = false
  void awaited.then(() => (over = true))
  for (let last = performance.now(); !over;) {
    await new Promise(setImmediate)
    const now = performance.now()
    await clock.advance(now - last)
    last = now
  }
  return awaited
}
const ready = ({ ready: read }: OwnSettings) => read

test('what one device sets is on the other, and on one that comes later', async (t) => {
  const server = await serve(t)
  const [laptop, phone] = [await connect(server, 'alice'), await connect(server, 'alice:phone')]
  t.deepEqual((await until(laptop.offline.own, ready)).settings, {})
  await laptop.direct('bob').send({ text: 'hello' }).sent
  const conversation = laptop.direct('bob').id
  await laptop.offline.set({ conversation, pinned: 2, draft: 'Dear' })
  const pinned = await until(phone.offline.own, ({ settings }) => settings[conversation] !== undefined)
  t.like(pinned.settings[conversation], { pinned: 2, draft: 'Dear' })
  await phone.offline.set({ conversation, pinned: null, draft: '' })
  await phone.offline.privacy({ privateRead: true })
  t.deepEqual(await until(laptop.offline.own, ({ privateRead }) => privateRead), {
    ready: true,
    privateRead: true,
    settings: {},
  })
  const later = await connect(server, 'alice:tablet')
  t.true((await until(later.offline.own, ready)).privateRead)
})

test('a device that was away finds what was set and what was taken back', async (t) => {
  const server = await serve(t)
  const [laptop, phone] = [await connect(server, 'alice'), await connect(server, 'alice:phone')]
  await laptop.direct('bob').send({ text: 'hello' }).sent
  const conversation = laptop.direct('bob').id
  await laptop.offline.set({ conversation, archived: true })
  await until(phone.offline.own, ({ settings }) => settings[conversation]?.archived === true)
  phone.disconnect()
  await laptop.offline.set({ conversation, archived: false, muted: true })
  const now = await turning(
    server,
    until(phone.offline.own, ({ settings }) => settings[conversation]?.muted === true),
  )
  t.is(now.settings[conversation]?.archived, undefined)
})

test('a hidden conversation is hidden on all devices until the next message, with nothing unread of what was hidden', async (t) => {
  const server = await serve(t)
  const [laptop, phone, bob] = [
    await connect(server, 'alice'),
    await connect(server, 'alice:phone'),
    await connect(server, 'bob'),
  ]
  for (const text of ['1', '2']) await bob.direct('alice').send({ text }).sent
  const id = bob.direct('alice').id
  const places = [laptop, phone].map((device) => ({ device, info: device.conversation(id).info }))
  for (const { info } of places) await until(info, ({ unread }) => unread === 2)
  await laptop.offline.set({ conversation: id, hidden: 2 })
  const hides = ({ device, info }: (typeof places)[0]) => isHidden(info.get(), device.offline.own.get().settings[id])
  for (const place of places) {
    await until(place.info, ({ unread }) => unread === 0)
    await until(place.device.offline.own, () => hides(place))
  }
  t.is(laptop.conversation(id).info.get().me.read, 0)
  await bob.direct('alice').send({ text: '3' }).sent
  for (const place of places) {
    await until(place.info, ({ unread }) => unread === 1)
    t.false(hides(place))
  }
  t.is(bob.conversation(id).info.get().marks['alice']?.read ?? 0, 0)
})

test('what is read in private on one device is read on the other, and for the other person it is not', async (t) => {
  const server = await serve(t)
  const [laptop, phone, bob] = [
    await connect(server, 'alice'),
    await connect(server, 'alice:phone'),
    await connect(server, 'bob'),
  ]
  await laptop.offline.privacy({ privateRead: true })
  const here = new Promise((resolve) => laptop.on('message', resolve))
  const sending = bob.direct('alice').send({ text: '1' })
  await sending.sent
  const id = bob.direct('alice').id
  await here
  for (const device of [laptop, phone]) await until(device.conversation(id).info, ({ unread }) => unread === 1)
  const seen = until(bob.conversation(id).info, ({ marks }) => marks['alice']?.received === 1)
  laptop.conversation(id).read()
  const read = until(phone.conversation(id).info, ({ unread, me }) => unread === 0 && me.read === 1)
  await turning(server, read)
  t.like((await turning(server, seen)).marks['alice'], { read: 0, received: 1 })
  t.is(sending.state, 'delivered')
})

test('how a setting stands', (t) => {
  const setting = { conversation: 'c', version: 1 }
  t.true(isMuted({ ...setting, muted: true }, 9))
  t.true(isMuted({ ...setting, muted: 10 }, 9))
  t.false(isMuted({ ...setting, muted: 9 }, 9))
  t.false(isMuted(undefined, 9))
  const info = (unread: number, read: number) => ({ unread, me: { read, received: read } })
  t.true(isHidden(info(0, 2), { ...setting, hidden: 2 }))
  t.false(isHidden(info(1, 2), { ...setting, hidden: 2 }))
  t.false(isHidden(info(0, 3), { ...setting, hidden: 2 }))
  t.false(isHidden(info(0, 0), setting))
  t.true(isMarkedUnread(info(0, 2), { ...setting, unread: 2 }))
  t.false(isMarkedUnread(info(0, 3), { ...setting, unread: 2 }))
  t.false(isMarkedUnread(info(0, 0), undefined))
})
