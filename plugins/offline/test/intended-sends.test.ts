import test from 'ava'
import type { ExecutionContext } from 'ava'
import { definePlugin, messageAllow } from '@natter/core'
import type { HostLogger } from '@natter/core'
import { Intents, StorageErrors, Storage, deny } from '@natter/core/contract'
import type { Intent, PendingIntent, Within } from '@natter/core/contract'
import { createTestChat } from '@natter/testkit'
import { offline } from '@natter/offline'

const trx: Within = { database: 'here' }

/** A database of the host in memory: what is written waits for `commit`. */
class HostDatabase {
  readonly committed: PendingIntent[] = []
  readonly #open: Intent[] = []
  wake: () => void = () => undefined
  /** Whether `done` fails, as when the process dies before it. */
  forgetful = false
  readonly looks: number[] = []

  readonly plugin = definePlugin({
    name: 'host-database',
    provides: [Intents],
    setup: (api) => {
      api.provide(Intents, () => ({
        write: async (_, intent) => void this.#open.push(intent),
        pending: async (limit) => {
          this.looks.push(limit)
          return this.committed.slice(0, limit)
        },
        done: async (id) => {
          if (this.forgetful) throw StorageErrors.UNAVAILABLE()
          const at = this.committed.findIndex((intent) => intent.id === id)
          if (at >= 0) this.committed.splice(at, 1)
        },
        onCommit: (wake) => void (this.wake = wake),
      }))
    },
  })

  commit(tell = true): void {
    for (const intent of this.#open.splice(0)) this.committed.push({ ...intent, id: `i${intent.clientId}` })
    if (tell) this.wake()
  }
}

/** A group made by a test, and a veto that a test sets. */
class Rules {
  refused: string | undefined
  storage!: Storage
  readonly plugin = definePlugin({
    name: 'rules',
    needs: { storage: Storage },
    setup: (api, { storage }) => {
      this.storage = storage
      api.hook(messageAllow, ({ from }) => (from === this.refused ? deny(StorageErrors.INVALID()) : undefined))
    },
  })
}

async function start(t: ExecutionContext, logger?: HostLogger) {
  const database = new HostDatabase()
  const rules = new Rules()
  const server = await createTestChat(t, {
    plugins: [offline(), database.plugin(), rules.plugin()],
    ...(logger ? { logger } : {}),
  })
  const send = (text: string, id: string, to: string | { readonly user: string } = { user: 'bob' }) =>
    server.chat.as('alice').send(to, { text }, { id, within: trx })
  return { ...server, database, rules, send }
}

test('without a database that can take part, within is refused in words', async (t) => {
  const { chat } = await createTestChat(t, { plugins: [offline()] })
  const sending = chat.as('alice').send({ user: 'bob' }, { text: 'x' }, { within: trx })
  await t.throwsAsync(sending, { code: 'NATTER_WITHIN_UNAVAILABLE', message: /storageSql/ })
})

test('the hooks are asked when it is written, and not again', async (t) => {
  const { rules, send, database, device } = await start(t)
  rules.refused = 'alice'
  await t.throwsAsync(send('no', 'a1') as Promise<unknown>, { code: 'STORAGE_INVALID' })
  rules.refused = undefined
  await send('yes', 'a2')
  rules.refused = 'alice'
  const bob = await device('bob')
  database.commit()
  t.like(await bob.next('m'), { 2: 1, 6: 'a2' })
})

test('a commit that nobody told of is found by the next look', async (t) => {
  const { send, database, device, clock } = await start(t)
  const bob = await device('bob')
  await send('late', 'a1')
  database.commit(false)
  const heard = bob.next('m')
  await clock.advance(5_000)
  t.like(await heard, { 6: 'a1' })
})

test('an intent that is found again after its message was stored sends nothing more', async (t) => {
  const { send, database, device, clock } = await start(t)
  const bob = await device('bob')
  database.forgetful = true
  await send('once', 'a1')
  database.commit()
  await bob.next('m')
  database.forgetful = false
  await clock.advance(5_000)
  t.deepEqual(database.committed, [])
  await send('then', 'a2')
  database.commit()
  t.like(await bob.next('m'), { 2: 2, 6: 'a2' })
})

test('many are sent, page by page, each conversation in its order', async (t) => {
  const { send, database, device } = await start(t)
  const [bob, carol] = [await device('bob'), await device('carol')]
  for (let i = 0; i < 250; i++) await send(String(i), `b${i}`, { user: i % 5 === 0 ? 'carol' : 'bob' })
  database.commit()
  for (let i = 0; i < 250; i++) t.is((await (i % 5 === 0 ? carol : bob).next('m'))[6], `b${i}`)
})

test('who left the conversation before the commit says nothing there, and the log tells', async (t) => {
  const errors: unknown[] = []
  const silent = () => undefined
  const logger: HostLogger = {
    child: () => logger,
    isLevelEnabled: () => true,
    debug: silent,
    info: silent,
    warn: silent,
    error: (fields: unknown, text?: string) => void errors.push([fields, text]),
  }
  const { send, database, device, rules } = await start(t, logger)
  const open = { conversation: 'g', from: 'system', at: 1, body: '{}', digest: '', counts: false }
  await rules.storage.log.append({ ...open, clientId: 'open', open: { kind: 'group', members: ['alice', 'bob'] } })
  await send('before', 'a1', 'g')
  await rules.storage.log.append({ ...open, clientId: 'leave', members: { leave: ['alice'] } })
  const bob = await device('bob')
  database.commit()
  await send('elsewhere', 'a2')
  database.commit()
  t.like(await bob.next('m'), { 6: 'a2' })
  const [[fields, text] = []] = errors as [object, string][]
  t.like(fields, { conversation: 'g', clientId: 'a1', from: 'alice' })
  t.regex(String(text), /given up/)
})
