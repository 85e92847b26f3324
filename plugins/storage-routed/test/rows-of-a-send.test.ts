import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { storageSql } from '@natter/storage-sql'
import { createTestChat } from '@natter/testkit'
import type { RawDevice } from '@natter/testkit'

const crowd = 1_000
const connected = 5
const user = (i: number) => `u${i}`

test('a message is one row in all of the database, whatever the size of the group and whoever is there', async (t) => {
  t.timeout(60_000)
  const folder = await mkdtemp(join(tmpdir(), 'natter-rows-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  let storage: Storage
  const look = definePlugin({
    name: 'look',
    needs: { storage: Storage },
    setup: (_api, has) => void (storage = has.storage),
  })
  const { chat, device } = await createTestChat(t, {
    plugins: [offline(), groups({ members: 100_000 }), presence(), look()],
    storage: storageSql({ url: `sqlite:${join(folder, 'chat.db')}` }),
  })
  const sql = storage!.native('sql')!
  const read = async (text: string) => (await sql.read({ sql: text, bindings: [], rows: true })).rows
  const rows = async () => {
    const tables = await read("select name from sqlite_master where type = 'table'")
    let all = 0
    for (const [name] of tables) all += Number((await read(`select count(*) from "${String(name)}"`))[0]![0])
    return all
  }
  const devices: RawDevice[] = []
  for (let i = 0; i < connected; i++) devices.push(await device(user(i)))
  const make = async (size: number) => {
    const settings = { name: 'Many', door: 'open' }
    const { group: conversation } = await devices[0]!.request<{ readonly group: string }>('groups.create', {
      key: `k${size}`,
      settings,
    })
    const system = { conversation, from: 'system', at: 1, digest: 'none', counts: false }
    const body = JSON.stringify({ type: 'text', text: 'they came' })
    for (let from = 1; from < size; from += crowd) {
      const many = Array.from({ length: Math.min(crowd, size - from) }, (_, i) => ({ user: user(from + i) }))
      await storage.log.append({ ...system, clientId: `crowd-${from}`, body, members: { join: many } })
    }
    return conversation
  }
  const added: number[] = []
  for (const size of [connected, 20_000]) {
    const conversation = await make(size)
    await chat.as(user(0)).send(conversation, { text: 'the first' })
    const before = await rows()
    for (let i = 0; i < 10; i++) await chat.as(user(i % connected)).send(conversation, { text: `message ${i}` })
    for (const each of devices)
      await each.next(
        ([kind, place, , , , , , body]) =>
          kind === 'm' && place === conversation && JSON.stringify(body).includes('message 9'),
      )
    added.push((await rows()) - before)
  }
  t.deepEqual(added, [10, 10])
})
