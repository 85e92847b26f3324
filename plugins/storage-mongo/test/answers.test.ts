import { EventEmitter } from 'node:events'
import test from 'ava'
import type { MongoClient } from 'mongodb'
import { Answers } from '#src/answers.js'
import { FakeClock } from '@natter/testkit'
import { foundServer, scratchUrl } from './found-server.js'
import { hang } from './hanging-command.js'
import { direct, group, message } from './message.js'
import { openNoting } from './noting-client.js'

const unavailable = { code: 'STORAGE_UNAVAILABLE' }
const never = () => new Promise<never>(() => undefined)
const server = await foundServer(test)

test('who is never answered is told after a while, and what the driver holds for it is freed', async (t) => {
  const client = new EventEmitter()
  const answers = new Answers(client as never)
  let freed: AbortSignal | undefined
  const late = answers.of((signal) => ((freed = signal), never()), { answerMs: 20, brokenMs: 20 })
  t.is(await answers.of(async () => 'soon'), 'soon')
  await t.throwsAsync(
    answers.of(async () => Promise.reject(new Error('refused'))),
    { message: 'refused' },
  )
  await t.throwsAsync(late, unavailable)
  t.true(freed?.aborted)
  answers.close()
  t.is(client.listenerCount('topologyDescriptionChanged') + client.listenerCount('connectionPoolCleared'), 0)
})

test('an answer that comes after all takes nobody else out of the wait', async (t) => {
  const answers = new Answers(new EventEmitter() as never)
  const patience = { answerMs: 20, brokenMs: 20 }
  let answer!: (value: string) => void
  const given = answers.of(() => new Promise<string>((resolve) => (answer = resolve)), patience)
  await t.throwsAsync(given, unavailable)
  const next = answers.of(never, patience)
  answer('late')
  await t.throwsAsync(next, unavailable)
  answers.close()
})

test('where connections to the primary broke, who was asked before is not waited for long', async (t) => {
  const client = new EventEmitter()
  const answers = new Answers(client as never)
  const servers = new Map([
    ['a', { type: 'RSPrimary', address: 'a:1' }],
    ['b', { type: 'RSSecondary', address: 'b:1' }],
  ])
  client.emit('topologyDescriptionChanged', { newDescription: { servers } })
  client.emit('topologyDescriptionChanged', { newDescription: { servers: new Map() } })
  const patience = { answerMs: 60_000, brokenMs: 20 }
  let told = 0
  const count = () => told++
  const first = answers.of(never, patience).finally(count)
  client.emit('connectionPoolCleared', { address: 'b:1' })
  // longer than it takes to look at those who wait
  await t.throwsAsync(answers.of(never, { answerMs: 300, brokenMs: 20 }), unavailable)
  t.is(told, 0)
  client.emit('connectionPoolCleared', { address: 'a:1' })
  await t.throwsAsync(first, unavailable)
  answers.close()
})

if (server) {
  /** As where the server died. */
  const broken = (client: MongoClient) =>
    client.emit('connectionPoolCleared', { address: client.options.hosts[0]!.toString() } as never)
  const is =
    (name: string, collection?: string) =>
    (command: Readonly<Record<string, unknown>>): boolean =>
      name in command && (collection === undefined || command[name] === collection)

  test.serial('a send whose commands the driver never answers is stored once, and those behind it too', async (t) => {
    const setting = { models: [], clock: new FakeClock() }
    const { store, client, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = store
    await log.append(message('c', 'a', '1', { open: group('a') }))
    const steps = {
      'the insert of a send': { chosen: is('insert', 'natter_log'), join: false },
      'the insert of a transaction': { chosen: is('insert', 'natter_log'), join: true },
      'its members': { chosen: is('update', 'natter_members'), join: true },
      'its commit': { chosen: is('commitTransaction'), join: true },
    }
    let seq = 1
    for (const [name, { chosen, join }] of Object.entries(steps)) {
      const { hanging } = hang(chosen, t)
      const members = { join: [{ user: `u${seq}` }] }
      const sent = log.append(message('c', 'a', `m${seq}`, join ? { members } : {}))
      await hanging
      broken(client)
      const behind = log.append(message('c', 'b', `m${seq}`))
      t.like(await sent, { status: 'appended', seq: ++seq }, name)
      t.like(await behind, { status: 'appended', seq: ++seq }, name)
    }
    // one whose commit may still come must not have another transaction
    const sessions = noted().flatMap((command) => ('commitTransaction' in command ? [String(command['lsid'].id)] : []))
    t.is(sessions.at(-3), sessions.at(-2))
    t.not(sessions.at(-2), sessions.at(-1))
  })

  test.serial('a read that the driver never answers ends, and the next one is answered', async (t) => {
    const setting = { models: [], clock: new FakeClock() }
    const { store, client } = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = store
    await log.append(message('c', 'a', '1', { open: direct('a', 'b') }))
    const kv = store.kv('suite')
    const range = { from: 1, to: 9, limit: 9, bytes: 9 }
    const reads: Readonly<Record<string, readonly [command: string, read: () => Promise<unknown>]>> = {
      natter_log: ['aggregate', () => log.range('c', range)],
      natter_members: ['find', () => log.membership('c')],
      natter_kv: ['find', () => kv.get('k')],
    }
    for (const [collection, [command, read]] of Object.entries(reads)) {
      await read()
      const { hanging } = hang(is(command, collection), t)
      const first = read()
      // a read by another command would be over
      const over = first.then(
        () => t.fail(`${collection} is not read by ${command}`),
        () => undefined,
      )
      await Promise.race([hanging, over])
      broken(client)
      await t.throwsAsync(first, unavailable, collection)
      await t.notThrowsAsync(read(), collection)
    }
  })

  test.serial('where the write of the fence is never answered, another is begun', async (t) => {
    const setting = { models: [], clock: new FakeClock() }
    const { store, client } = await openNoting(await scratchUrl(server, t), setting, t)
    await store.log.append(message('c', 'a', '1', { open: direct('a', 'b') }))
    const { hanging } = hang(is('update', 'natter_meta'), t)
    broken(client)
    const read = store.log.head('c')
    await hanging
    broken(client)
    t.like(await read, { seq: 1 })
  })
}
