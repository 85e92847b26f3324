import { EventEmitter } from 'node:events'
import test from 'ava'
import type { MongoClient } from 'mongodb'
import { Fence } from '#src/fence.js'
import { Gate } from '#src/gate.js'
import { FakeClock } from '@natter/testkit'
import { foundServer, scratchUrl } from './found-server.js'
import { group, message } from './message.js'
import { openNoting } from './noting-client.js'

const server = await foundServer(test)

function fenced() {
  const client = new EventEmitter()
  const writes: (() => void)[] = []
  const write = () => new Promise<void>((resolve) => writes.push(resolve))
  const fence = new Fence(client as unknown as MongoClient, write)
  const primary = (electionId: string) => {
    const servers = new Map([
      ['a', { type: 'RSPrimary', address: 'a:1', electionId: { toHexString: () => electionId } }],
    ])
    client.emit('topologyDescriptionChanged', { newDescription: { servers } })
  }
  return { client, fence, writes, primary }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('nothing is read before a majority has a write of now: at first, after an election, after connections broke', async (t) => {
  const { client, fence, writes, primary } = fenced()
  const gate = new Gate(10, fence)
  for (const happens of [
    () => undefined,
    () => primary('1'),
    () => primary('2'),
    () => client.emit('connectionPoolCleared', {}),
  ]) {
    happens()
    let read = false
    const reading = gate.read(async () => void (read = true))
    await turn()
    t.deepEqual([read, writes.length], [false, 1])
    writes.pop()!()
    await reading
    t.true(read)
  }
  primary('2')
  await gate.read(async () => undefined)
  t.is(writes.length, 0, 'the same primary was named again')
  fence.close()
  t.is(client.listenerCount('topologyDescriptionChanged') + client.listenerCount('connectionPoolCleared'), 0)
})

test('what was read over an election is read again behind it', async (t) => {
  const { fence, writes, primary } = fenced()
  const gate = new Gate(10, fence)
  const answers = ['of earlier', 'of now']
  const reading = gate.read(async () => {
    if (answers.length === 2) primary('1')
    return answers.shift()
  })
  for (let i = 0; i < 2; i++) {
    await turn()
    writes.pop()!()
  }
  t.is(await reading, 'of now')
})

test('where elections do not end the question is refused for the moment, and not answered from earlier', async (t) => {
  const { fence, writes, primary } = fenced()
  const gate = new Gate(10, fence)
  let asked = 0
  const reading = gate.read(async () => primary(String(++asked)))
  const refused = t.throwsAsync(reading, { code: 'STORAGE_UNAVAILABLE' })
  for (let turns = 0; turns < 10; turns++) {
    await turn()
    writes.pop()?.()
  }
  await refused
  t.is(asked, 5)
})

test('an answer that no election makes untrue is not asked for again', async (t) => {
  const { fence, writes, primary } = fenced()
  let asked = 0
  const answered = fence.read(
    async () => {
      primary(String(++asked))
      return 'stored'
    },
    (answer) => answer !== 'stored',
  )
  await turn()
  writes.pop()!()
  t.is(await answered, 'stored')
  t.is(asked, 1)
})

if (server) {
  test('a store whose connections broke writes once before it reads, whatever it reads', async (t) => {
    const setting = { models: [], clock: new FakeClock() }
    const { store, client, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = store
    await log.append(message('c', 'a', '1', { open: group('a') }))
    await log.latest()
    const reads: Readonly<Record<string, () => Promise<unknown>>> = {
      head: () => log.head('c'),
      range: () => log.range('c', { from: 1, to: 9, limit: 9, bytes: 9 }),
      page: () => log.page!('a', 'c', { limit: 9, bytes: 9 }),
      find: () => log.find('c', 'a', '1'),
      membership: () => log.membership('c'),
      state: () => log.state('a', 'c'),
      states: () => log.states('a', { after: 0, limit: 9 }),
      changed: () => log.changed(0, 9),
      kv: () => store.kv('suite').get('k'),
    }
    for (const [name, read] of Object.entries(reads)) {
      client.emit('connectionPoolCleared', {} as never)
      noted()
      await read()
      const [write, ...rest] = noted()
      t.is(write?.['update'], 'natter_meta', name)
      t.true(rest.length > 0, name)
      t.true(
        rest.every((command) => command['update'] !== 'natter_meta'),
        name,
      )
    }
  })

  test('what is judged by what was read over an election is judged again', async (t) => {
    const setting = { models: [], clock: new FakeClock() }
    const { store, client, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = store
    await log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    type Command = Readonly<Record<string, unknown>>
    const finds =
      (collection: string, field = '_id') =>
      ({ find, filter }: Command) =>
        find === collection && field in (filter as Command)
    const judged: readonly [string, (command: Command) => boolean, () => Promise<unknown>][] = [
      ['a mark', finds('natter_members'), () => log.mark('c', 'b', { read: 1 })],
      ['a send', finds('natter_conversations'), () => log.append(message('nowhere', 'a', '2'))],
      ['a change of a body', finds('natter_log', 't'), () => log.rewrite('c', 9, { body: 'x', by: 10 })],
    ]
    for (const [name, chosen, judge] of judged) {
      await log.latest()
      noted()
      const broken = once(client, chosen)
      await judge()
      await broken
      t.is(noted().filter(chosen).length, 2, name)
    }
    t.like(await log.mark('c', 'b', { read: 1 }), { moved: false, member: { read: 1 } })
  })
}

/** Connections break while a command is under way that is chosen. */
function once(client: MongoClient, chosen: (command: Readonly<Record<string, unknown>>) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = ({ command }: { readonly command: Readonly<Record<string, unknown>> }) => {
      if (!chosen(command)) return
      client.off('commandStarted', look)
      client.emit('connectionPoolCleared', {} as never)
      resolve()
    }
    client.on('commandStarted', look)
  })
}
