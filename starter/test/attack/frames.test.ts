import fc from 'fast-check'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { auth } from '@natter/auth'
import { closeCodes } from '@natter/core'
import type { Chat } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { clientFrames } from '@natter/core/protocol'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { RawDevice, createTestChat } from '@natter/testkit'
import { z } from 'zod'
import { broken, valid } from './arbitrary.js'
import type { JsonSchema } from './arbitrary.js'
import { handPicked } from './hand-picked-frames.js'

const schemas = Object.values(clientFrames).map((schema) => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema)

async function server(t: ExecutionContext) {
  const made = await createTestChat(t, { plugins: [offline()], storage: storageSql({ url: 'sqlite::memory:' }) })
  const chat = made.chat as unknown as Chat
  const [alice, bob] = [await made.device('alice'), await made.device('bob')]
  let talk = 0
  /** Whatever an attacker did: two others talk on. */
  const bystanders = async () => {
    talk += 1
    const ack = await alice.message({ user: 'bob' }, { text: `talk ${talk}` }, `talk-${talk}`)
    t.is(ack[2], talk)
    t.deepEqual((await bob.next((frame) => frame[0] === 'm' && frame[4] === 'alice')).slice(2), [
      talk,
      talk,
      'alice',
      ack[3],
      `talk-${talk}`,
      { text: `talk ${talk}` },
    ])
  }
  return { ...made, chat, bystanders }
}

/** Sends one frame as a new connection; answers what came of it. */
async function attack(chat: Chat, text: string, token = 'mallory', ip = '10.0.0.1') {
  const device = RawDevice.connect(chat, { ip })
  await device.hello({ token })
  device.sendText(text)
  const done = await Promise.race([settled(device), device.closed])
  const frames = device.frames.slice(1).filter((frame) => frame[1] !== marker)
  if (!done) device.drop()
  return { closed: done?.code, frames }
}

const marker = 2_147_483_646

/** Requests are answered in the order in which the store is reached, and none asks it more often than this. */
async function settled(device: RawDevice): Promise<undefined> {
  for (let i = 0; i < 5; i++) {
    device.send(['q', marker, 'offline.sync', {}])
    await device.next((frame) => frame[1] === marker)
  }
}

function documented(t: ExecutionContext, text: string, result: Awaited<ReturnType<typeof attack>>) {
  if (result.closed !== undefined) {
    t.true(result.closed in closeCodes, `${result.closed} for ${text.slice(0, 200)}`)
    t.not(result.closed, 4500, text.slice(0, 500))
  }
  for (const frame of result.frames) {
    if (frame[0] !== 'no') continue
    const { code } = frame[2] as { code: string }
    t.regex(code, /^(NATTER|OFFLINE|STORAGE)_[A-Z_]+$/)
    t.not(code, 'NATTER_INTERNAL', text.slice(0, 500))
  }
}

test('five thousand generated frames: each answered in a typed way or closed with a documented code; nothing else happens', async (t) => {
  t.timeout(240_000)
  const { chat, bystanders } = await server(t)
  let sent = 0
  let acks = 0
  const any = fc.oneof(...schemas.map(valid), ...schemas.map(broken), ...schemas.map(broken))
  for (const frames of fc.sample(any, { numRuns: 5_000, seed: 20_261_124 }).reduce<unknown[][]>((rows, frame, i) => {
    if (i % 50 === 0) rows.push([])
    rows.at(-1)!.push(frame)
    return rows
  }, [])) {
    await Promise.all(
      frames.map(async (frame, i) => {
        const text = JSON.stringify(frame)
        const result = await attack(chat, text, `mallory${sent + i}`, `10.0.${Math.floor(sent / 50)}.${i}`)
        documented(t, text, result)
        acks += result.frames.filter(([kind]) => kind === 'a').length
      }),
    )
    sent += frames.length
    if (sent % 1_000 === 0) await bystanders()
  }
  t.is(sent, 5_000)
  // What is stored is what was acknowledged, and nothing else.
  const log = chat.get(Storage).log
  let stored = 0
  for (let mark = 0, full = true; full;) {
    const rows = await log.changed(mark, 500)
    for (const row of rows) stored += row.seq
    mark = rows.at(-1)?.mark ?? mark
    full = rows.length === 500
  }
  t.is(stored, acks + 5)
})

test('hand-picked frames: each answered in a typed way or closed with a documented code', async (t) => {
  t.timeout(120_000)
  const { chat, bystanders } = await server(t)
  t.true(handPicked.length >= 200, String(handPicked.length))
  let at = 0
  for (const { text, closed, code } of handPicked) {
    at += 1
    const result = await attack(chat, text, `mallory${at}`, `10.1.${at >> 8}.${at & 255}`)
    documented(t, text, result)
    if (closed !== undefined) t.is(result.closed, closed, text.slice(0, 200))
    if (code !== undefined) {
      const refusals = result.frames
        .filter(([kind]) => kind === 'no')
        .map((frame) => (frame[2] as { code: string }).code)
      t.deepEqual([result.closed, ...refusals], [undefined, code], text.slice(0, 200))
    }
  }
  await bystanders()
  t.deepEqual(
    Object.getOwnPropertyNames(Object.prototype).filter((name) => ['polluted', 'isAdmin'].includes(name)),
    [],
  )
})

test('before authentication, any text is closed with a documented code', async (t) => {
  t.timeout(120_000)
  const { chat, bystanders } = await server(t)
  const any = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.json(),
    ...schemas.map((schema) => broken(schema).map((frame) => JSON.stringify(frame))),
  )
  let at = 0
  for (const text of fc.sample(any, { numRuns: 1_000, seed: 7 })) {
    at += 1
    const device = RawDevice.connect(chat, { ip: `10.2.${at >> 8}.${at & 255}` })
    device.sendText(text)
    // Some of the generated tokens are somebody's.
    const end = await Promise.race([device.closed, device.next('welcome').then(() => undefined)])
    if (!end) device.drop()
    else t.true([4400, 4401, 1009].includes(end.code), `${end.code} for ${text.slice(0, 200)}`)
    if (end) t.deepEqual(device.frames, [])
  }
  await bystanders()
})

test('with accounts, a hello of any shape is closed with a documented code', async (t) => {
  const { chat } = await createTestChat(t, { plugins: [auth(), offline()], identity: null })
  const hello = z.toJSONSchema(clientFrames.hello, { io: 'input' }) as JsonSchema
  let at = 0
  for (const frame of fc.sample(fc.oneof(valid(hello), broken(hello)), { numRuns: 500, seed: 11 })) {
    at += 1
    const device = RawDevice.connect(chat as unknown as Chat, { ip: `10.3.${at >> 8}.${at & 255}` })
    device.sendText(JSON.stringify(frame))
    t.true([4400, 4401, 1009].includes((await device.closed).code))
  }
})
