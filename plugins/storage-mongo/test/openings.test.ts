import test from 'ava'
import type { Document } from 'mongodb'
import { FaultyLink } from '@natter/servers'
import { FakeClock } from '@natter/testkit'
import { Follower } from './follower.js'
import { foundServer, scratchUrl } from './found-server.js'
import { direct, group, message, numbers } from './message.js'
import { openNoting } from './noting-client.js'
import { openUrl } from './temp-store.js'

const setting = { models: [], clock: new FakeClock() }
const open = direct('a', 'b')
const first = { status: 'appended', seq: 1, n: 1, at: 1_000 }
const count = (commands: readonly Document[], name: string) => commands.filter((command) => name in command).length
const server = await foundServer(test)

if (server) {
  test('conversations that are opened together share one transaction, and so do changes of members', async (t) => {
    const { store, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = store
    await log.latest()
    noted()
    const opened = await Promise.all(numbers(1, 200).map((i) => log.append(message(`c${i}`, 'a', '1', { open }))))
    for (const each of opened) t.deepEqual(each, first)
    await log.latest()
    let commands = noted()
    t.is(count(commands, 'commitTransaction'), 1)
    t.is(count(commands, 'insert'), 1)
    t.true(commands.length <= 14, JSON.stringify(commands.map((command) => Object.keys(command)[0])))

    const members = { join: [{ user: 'x' }], leave: ['b'] }
    const changed = await Promise.all(numbers(1, 200).map((i) => log.append(message(`c${i}`, 'a', '2', { members }))))
    for (const each of changed) t.like(each, { status: 'appended', seq: 2 })
    commands = noted()
    t.is(count(commands, 'commitTransaction'), 1)
    t.is((await log.membership('c200'))?.version, 3)
    const marks = (await log.changed(0, 500)).map(({ mark }) => mark)
    t.is(new Set(marks).size, 200)
  })

  test('openings and changes of members that come together do not wait for each other', async (t) => {
    const { store, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    await store.log.append(message('c', 'a', '1', { open: group('a') }))
    noted()
    await Promise.all([
      ...numbers(1, 9).map((i) => store.log.append(message(`d${i}`, 'a', '1', { open }))),
      store.log.append(message('c', 'a', '2', { members: { join: [{ user: 'b' }] } })),
      store.log.append(message('c', 'a', '3')),
    ])
    t.is(count(noted(), 'commitTransaction'), 2)
  })

  test('a transaction writes two thousand members at most', async (t) => {
    const { store, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    noted()
    const many = group(...numbers(1, 900).map((i) => `u${i}`))
    await Promise.all(numbers(1, 5).map((i) => store.log.append(message(`c${i}`, 'u1', '1', { open: many }))))
    t.is(count(noted(), 'commitTransaction'), 3)
    t.is((await store.log.membership('c5'))?.members.length, 900)
  })

  test('of what is opened together, what the database refuses fails alone', async (t) => {
    const { store } = await openNoting(await scratchUrl(server, t), setting, t)
    const { db } = store.native('mongo')!
    for (const [collection, field] of [
      ['natter_log', 'p'],
      ['natter_conversations', 'kind'],
    ] as const) {
      await db.command({ collMod: collection, validator: { [field]: { $not: { $regex: 'poison' } } } })
    }
    const sends = numbers(1, 40).map((i) => {
      const body = i % 20 === 3 ? '"poison"' : '"good"'
      const kind = i % 20 === 8 ? 'poison' : 'group'
      return store.log.append(message(`c${i}`, 'a', '1', { body, open: { kind, members: ['a'] } }))
    })
    const ended = await Promise.allSettled(sends)
    for (const [place, each] of ended.entries()) {
      if (![3, 8].includes((place + 1) % 20)) t.deepEqual(each, { status: 'fulfilled', value: first })
      else t.is(each.status === 'rejected' && (each.reason as { code: string }).code, 'STORAGE_INVALID')
    }
    t.is((await store.log.changed(0, 100)).length, 36)
  })

  test('two servers that open the same conversations at once agree, and nobody who follows misses one', async (t) => {
    const url = await scratchUrl(server, t)
    const stores = await Promise.all([1, 2].map(() => openUrl(url, setting)))
    t.teardown(async () => void (await Promise.all(stores.map((store) => store.close()))))
    const followers = stores.flatMap(({ log }) => [new Follower(log), new Follower(log, 'a')])
    let opening = true
    const following = (async () => {
      while (opening) for (const follower of followers) await follower.catchUp()
    })()
    for (const round of numbers(1, 3)) {
      const names = numbers(1, 40).map((i) => `c${round}-${i}`)
      // every third is one message that is sent to both
      const answers = await Promise.all(
        stores.map(({ log }, which) =>
          Promise.all(
            names.map((name, i) => log.append(message(name, 'a', i % 3 === 0 ? 'same' : `of${which}`, { open }))),
          ),
        ),
      )
      for (const i of names.keys()) {
        const both = answers.map((of) => of[i] as { status: string; seq: number }).toSorted((a, b) => a.seq - b.seq)
        const status = both.map((each) => each.status).toSorted()
        t.deepEqual(status, i % 3 === 0 ? ['appended', 'duplicate'] : ['appended', 'appended'])
        t.deepEqual(
          both.map(({ seq }) => seq),
          i % 3 === 0 ? [1, 1] : [1, 2],
        )
      }
    }
    opening = false
    await following
    for (const follower of followers) {
      await follower.catchUp()
      t.is(follower.seen.size, 120)
      for (const [name, seq] of follower.seen) t.is(seq, (Number(name.split('-')[1]) - 1) % 3 === 0 ? 1 : 2, name)
    }
  })

  test('conversations whose commit has no reply are told as what they are: opened, and by this send', async (t) => {
    const link = await FaultyLink.open(await scratchUrl(server, t))
    t.teardown(() => link.close())
    const { store, client } = await openNoting(link.url, setting, t)
    let lost = 0
    client.on('commandStarted', ({ commandName }) => {
      if (commandName === 'commitTransaction' && lost < 2) void link.cutAfter(1)
    })
    client.on('commandFailed', ({ commandName }) => void (lost += Number(commandName === 'commitTransaction')))
    let rounds = 0
    // the driver asks once more by itself, and now and then the cut takes the reply to its look at the server
    while (lost < 2) {
      lost = 0
      const name = `c${++rounds}`
      const sends = numbers(1, 30).map((i) => store.log.append(message(`${name}-${i}`, 'a', '1', { open })))
      for (const each of await Promise.all(sends)) t.deepEqual(each, first)
    }
    t.is((await store.log.changed(0, 999)).length, rounds * 30)
    t.like(await store.log.append(message('c1-1', 'b', '2')), { status: 'appended', seq: 2 })
  })
}
