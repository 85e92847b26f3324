import { EventEmitter } from 'node:events'
import test from 'ava'
import type { MongoClient } from 'mongodb'
import { Fence } from '#src/fence.js'
import { Gate } from '#src/gate.js'

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
