import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { actions } from '@natter/actions'
import { auth } from '@natter/auth'
import type { Chat } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { search } from '@natter/search'
import { createTestServer } from '@natter/testkit'
import type { FakeClock, TestContext } from '@natter/testkit'
import { halves } from './halves.js'
import type { Device } from './halves.js'

const plenty = 100_000
const hour = 3_600_000
const password = 'correct horse battery'

/** Somebody who has an account: a device of theirs, and how to come by another. */
export interface Person {
  readonly hand: Device
  /** Of an app that shows these people. */
  device(people: readonly string[]): Promise<Device>
}

/** The plugins of the starter on one storage, and people with accounts. */
export interface Town {
  readonly chat: Chat
  readonly clock: FakeClock
  readonly storage: Storage
  /** Time goes on, no faster than the store answers. */
  pass(ms: number): Promise<void>
  /** Time goes on until it is so. @throws Error when it is not so after two minutes */
  passUntil(met: () => boolean | Promise<boolean>): Promise<void>
  register(): Promise<Person>
}

/** Opens it in memory, or on the storage that `TEST_STORAGE` names. */
export async function openTown(t: TestContext): Promise<Town> {
  const many = { points: plenty, windowMs: hour }
  const server = await createTestServer(t, {
    identity: null,
    plugins: [
      auth({ accessLifeMs: hour, limits: { registration: many } }),
      offline(),
      friends(),
      presence(),
      groups(),
      actions(),
      search(),
    ],
    limits: {
      messageBurst: plenty,
      frameBurst: plenty,
      requestsInFlight: 1_000,
      socketsPerUser: 100,
      opensPerHour: plenty,
    },
  })
  const { clock } = server
  const chat = server.chat as unknown as Chat
  const http = createServer(new Koa().use(chat.middleware()).callback()).listen(0, '127.0.0.1')
  http.keepAliveTimeout = 0
  await once(http, 'listening')
  t.teardown(() => http.close().closeAllConnections())
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  let registered = 0

  async function register(): Promise<Person> {
    const answer = await fetch(`${url}/chat/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ handle: `person${(registered += 1)}`, password, mode: 'token' }),
    })
    if (answer.status !== 201) throw new Error(await answer.text())
    const { accessToken } = (await answer.json()) as { accessToken: string }
    const device: Person['device'] = async (people) =>
      server.client(accessToken, { plugins: halves(clock, people) }) as unknown as Promise<Device>
    return { hand: await device([]), device }
  }

  const clerk = await register()
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1_000) {
      await clock.advance(Math.min(left, 1_000))
      await clerk.hand.offline.privacy({ privateRead: false })
    }
  }
  return {
    chat,
    clock,
    storage: chat.get(Storage),
    pass,
    async passUntil(met) {
      for (let turns = 0; !(await met()); turns++) {
        if (turns > 240) throw new Error('It never became so.')
        await pass(500)
      }
    },
    register,
  }
}
