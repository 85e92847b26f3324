import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { Exported, Plugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { findServer, serverNames } from '@natter/servers'
import { storageSql } from '@natter/storage-sql'
import type { TestContext } from '@natter/testkit'
import { stores } from '../suites/stores.js'
import type { StoreName } from '../suites/stores.js'
import { kept, live, marks, serveAll } from './a-life.js'
import type { Server } from './a-life.js'
import { residueIn, residueInFiles } from './residue.js'
import type { Left } from './residue.js'

/** A storage of this kind for a test, and the file where that is one. */
async function storageOn(t: TestContext, store: StoreName): Promise<{ storage: Plugin; file?: string }> {
  if (store === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'natter-personal-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'chat.db')
    return { storage: storageSql({ url: `sqlite:${file}` }), file }
  }
  const { testStorage } = (await import(new URL(`../suites/test-storage.js?store=${store}`, import.meta.url).href)) as {
    testStorage(test: TestContext): Promise<Plugin>
  }
  return { storage: await testStorage(t) }
}

const exported = async (server: Server, user: string) => {
  const lines: Exported[] = []
  for await (const line of server.chat.users.export(user)) lines.push(line)
  return lines
}

/** What was left to be over by itself is, and is swept away. */
async function untilNothing(server: Server, look: () => Promise<readonly Left[]>): Promise<readonly Left[]> {
  let left = await look()
  for (let minutes = 0; left.length > 0 && minutes < 90; minutes++) {
    await server.clock.advance(60_000)
    left = await look()
  }
  return left
}

/** The tests of export and erasure on one kind of store. */
export async function personalDataOn(store: StoreName): Promise<void> {
  const started: (() => Promise<void>)[] = []
  for (const kind of stores[store]) {
    const server = await findServer(kind)
    if ('missing' in server) {
      test.skip(`MISSING: ${server.missing}, for personal data on ${store}`, (t) => t.fail())
      return
    }
    process.env[serverNames[kind].variable] = server.url
    started.push(() => server.stop())
  }
  test.after.always('its servers end', () => Promise.all(started.map((stop) => stop())))

  test(`${store}: nothing of who is erased is anywhere, and what others have goes on`, async (t) => {
    const { storage, file } = await storageOn(t, store)
    const server = await serveAll(t, { storage })
    const { gone, second, bob, conversation, groups } = await live(server)
    const wanted = [gone.id, ...Object.values(marks)]
    const look = () => residueIn(server.chat.get(Storage), wanted)
    const indexed = async () =>
      (await look()).some(({ mark, where }) => mark === marks.indexed && where.includes('search_text'))
    for (let seconds = 0; !(await indexed()) && seconds < 60; seconds++) await server.clock.advance(1_000)
    t.true(await indexed(), 'also in the index of words')
    const before = new Set((await look()).map(({ mark }) => mark))
    t.deepEqual(
      wanted.filter((mark) => !before.has(mark)),
      [],
      'all of it was there',
    )

    const lines = await exported(server, gone.id)
    const text = JSON.stringify(lines)
    const others = [marks.remarkOnThem]
    t.deepEqual(
      wanted.filter((mark) => !text.includes(mark) && !(others as string[]).includes(mark) && mark !== marks.doorNote),
      [],
      'the export has all that is theirs',
    )
    t.false(text.includes(marks.remarkOnThem), 'what others note is not theirs')
    t.false(text.includes(groups.banned), 'nor that they are banned somewhere')
    t.true(text.includes(kept.toThem))

    await server.chat.users.erase(gone.id)
    t.is((await gone.device.closed).code, 4403)
    t.is((await second.closed).code, 4403)
    // A recovery link is found by nobody but who has it, and over by itself.
    const inTime = (await look()).filter(({ mark, where }) => mark !== gone.id || !where.endsWith('kv'))
    t.deepEqual(inTime, [])
    if (file !== undefined)
      t.deepEqual(residueInFiles(file, Object.values(marks)), [], 'nor in files of a server that runs')
    t.deepEqual(
      await exported(server, gone.id).then((all) => all.filter(({ part }) => part !== 'friends.settings')),
      [],
    )

    const page = async (of: string) =>
      (await bob.device.request<{ entries: unknown[][] }>('offline.page', { conversation: of, limit: 200 })).entries
    const talked = await page(conversation)
    t.deepEqual(
      talked
        .filter(([, , from]) => from !== 'system')
        .flatMap(([seq, , from, , , body]) =>
          (seq as number) < 6 ? [[seq, from, (body as { text?: string }).text]] : [],
        ),
      [
        [1, '', undefined],
        [2, bob.id, kept.toThem],
        [3, '', undefined],
        [4, '', undefined],
        [5, '', undefined],
      ],
    )
    t.true(talked.filter(([, , from]) => from === '').every(([, , , , clientId]) => clientId !== ''))
    await bob.device.message(conversation, { text: 'still here' })
    t.like(await bob.device.request('groups.get', { group: groups.own }), { owner: bob.id, size: 1 })
    t.true(JSON.stringify(await page(groups.own)).includes(kept.inGroup))
    t.true(JSON.stringify(await page(groups.other)).includes(kept.about))
    t.deepEqual(await bob.device.request('groups.banned', { group: groups.banned }), { banned: [] })
    t.like(await bob.device.request('groups.waiting', { group: groups.asked }), { asked: [] })
    t.like(await bob.device.request('groups.waiting', { group: groups.invited }), { invited: [] })
    const synced = await bob.device.request<{ contacts: unknown[] }>('friends.sync', {})
    t.deepEqual(synced.contacts, [])

    t.deepEqual(await untilNothing(server, look), [])
    await server.chat.stop()
    if (file !== undefined) t.deepEqual(residueInFiles(file, wanted), [], 'nor is it in the bytes of the files')
  })
}
