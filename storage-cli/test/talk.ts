import type { Plugin } from '@natter/core'
import { offline } from '@natter/offline'
import { storageMongo } from '@natter/storage-mongo'
import { configSchema, openStore, storageSql } from '@natter/storage-sql'
import { FakeClock, createTestChat, furnish, furnishedModels } from '@natter/testkit'
import type { RawDevice, RawFrame, TestChat } from '@natter/testkit'

/** What people remember of a server that ran and was stopped. */
export interface Talk {
  readonly clock: FakeClock
  /** Where the device of yves was. */
  readonly cursor: string
  /** The ack that xenia got for her last message. */
  readonly ack: RawFrame
}
interface Sync {
  readonly cursor: string
  readonly reset: boolean
  readonly conversations: readonly { readonly head: number; readonly unread: number }[]
}
interface Server extends Pick<TestChat<readonly []>, 'device'> {
  readonly chat: Pick<TestChat<readonly []>['chat'], 'as'>
  stop(): Promise<void>
}
interface Likes {
  is(found: unknown, wanted: unknown, why?: string): unknown
  deepEqual(found: unknown, wanted: unknown, why?: string): unknown
}

/** More than fit in two commits of a copy. */
const messages = 450
const toYves = { user: 'yves' }

/** An address, or the plugin itself. */
type Where = string | Plugin
const pluginOf = (where: Where): Plugin => {
  if (typeof where !== 'string') return where
  return where.startsWith('mongodb') ? storageMongo({ url: where }) : storageSql({ url: where })
}

async function start(where: Where, clock: FakeClock): Promise<Server> {
  const stops: (() => unknown)[] = []
  const context = { teardown: (run: () => unknown) => void stops.push(run) }
  const storage = pluginOf(where)
  const { chat, device } = await createTestChat(context, { plugins: [offline()], storage, clock })
  const stop = async () => {
    for (const each of stops) await each()
  }
  return { chat, device, stop }
}

/** A server as it starts on this store, to be refused. */
export async function starts(where: Where): Promise<void> {
  const server = await start(where, new FakeClock())
  await server.stop()
}

/** Fills a store with something of everything, and lets people talk on it. */
export async function talk(url: string): Promise<Talk> {
  const clock = new FakeClock()
  const store = await openStore(configSchema.parse({ url }), clock)
  await store.prepare(furnishedModels, [])
  await furnish(store)
  await store.close()
  return talkOn(url, clock)
}

/** Lets people talk on a store, and stops the server. */
export async function talkOn(where: Where, clock: FakeClock): Promise<Talk> {
  const server = await start(where, clock)
  const [xenia, yves] = [await server.device('xenia'), await server.device('yves')]
  await xenia.message(toYves, { text: 'first' }, 'first')
  const sends = Array.from({ length: messages - 2 }, (_, i) => ({ text: `message ${i} 🙂`, id: `message-${i}` }))
  await Promise.all(sends.map(({ text, id }) => server.chat.as('xenia').send(toYves, { text }, { id })))
  const ack = await xenia.message(toYves, { text: 'last' }, 'last')
  const { cursor } = await sync(yves)
  await server.stop()
  return { clock, cursor, ack }
}

/** Whether a server on a copy is to people as the one that they knew: nobody is reset, a retry is known, and talk goes on. */
export async function goesOn(t: Likes, where: Where, { clock, cursor, ack }: Talk): Promise<void> {
  const server = await start(where, clock)
  try {
    const [xenia, yves] = [await server.device('xenia'), await server.device('yves')]
    const away = await sync(yves, cursor)
    t.is(away.reset, false, 'the device knows its place')
    t.deepEqual(away.conversations, [], 'nothing changed for it')
    const retried = await xenia.message(toYves, { text: 'last' }, 'last')
    t.deepEqual(retried.slice(2), ack.slice(2), 'the retry gets the answer of before')
    await differing(t, xenia)
    await xenia.message(toYves, { text: 'after the copy' }, 'after')
    const then = await sync(yves, away.cursor)
    t.deepEqual(
      then.conversations.map(({ head, unread }) => [head, unread]),
      [[messages + 1, messages + 1]],
    )
  } finally {
    await server.stop()
  }
}

/** The digest came along too: another body under an id that is known is refused. */
async function differing(t: Likes, xenia: RawDevice): Promise<void> {
  const refusal = await xenia.message(toYves, { text: 'another' }, 'last').then(
    () => undefined,
    (error: { readonly code?: string }) => error.code,
  )
  t.is(refusal, 'NATTER_CONFLICT')
}

const sync = (device: RawDevice, cursor?: string) =>
  device.request<Sync>('offline.sync', cursor === undefined ? {} : { cursor })
