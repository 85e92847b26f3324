import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { actions } from '@natter/actions'
import { auth } from '@natter/auth'
import type { Chat, Plugin } from '@natter/core'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { search } from '@natter/search'
import { createTestChat, FakeClock, MemoryStore, sharedStorage } from '@natter/testkit'
import type { RawDevice } from '@natter/testkit'
import Koa from 'koa'
import { waysIn } from '#src/ways-in.js'

const provider = { id: 'sso', name: 'Elsewhere', issuer: 'https://127.0.0.1:9', clientId: 'natter' }
/** The plugins of the starter, in its order; with few recovery codes, so that there is less to compare. */
const plugins = (): readonly Plugin[] => [
  auth({ recoveryCodes: 1, authenticators: waysIn({ port: 3000, publicUrl: undefined, provider }) }),
  offline(),
  friends(),
  presence(),
  groups(),
  actions(),
  search(),
]

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}
export interface Server {
  readonly chat: Chat
  readonly clock: FakeClock
  readonly store: MemoryStore
  /** A connected device. */
  device(token: string): Promise<RawDevice>
  /** Asks over HTTP, below the prefix. */
  call(method: string, path: string, body?: object, token?: string): Promise<Answer>
  close(): Promise<void>
}

/** The starter's chat on a store in memory, with a port of its own. */
export async function serve(now?: number, store?: MemoryStore): Promise<Server> {
  const ends: (() => unknown)[] = []
  const teardown = (end: () => unknown) => void ends.push(end)
  const clock = new FakeClock(now)
  const kept = store ?? new MemoryStore({ clock })
  const options = { identity: null, storage: sharedStorage(kept), clock, plugins: plugins() } as const
  const { chat, device } = await createTestChat({ teardown }, options)
  let url: string | undefined
  async function open(): Promise<string> {
    const server = createServer(new Koa().use(chat.middleware()).callback()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    teardown(() => server.close().closeAllConnections())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  return {
    chat: chat as never,
    clock,
    store: kept,
    device,
    async call(method, path, body, token) {
      url ??= await open()
      const headers = {
        origin: url,
        ...(body && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      }
      const request = { method, headers, redirect: 'manual', ...(body && { body: JSON.stringify(body) }) } as const
      const answer = await fetch(`${url}/chat${path}`, request)
      const text = await answer.text()
      const json = answer.headers.get('content-type')?.startsWith('application/json')
      return { status: answer.status, body: json ? (JSON.parse(text) as Answer['body']) : { text } }
    },
    async close() {
      for (const end of ends.reverse()) await end()
    },
  }
}
