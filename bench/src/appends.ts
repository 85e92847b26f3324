import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { clientId, roomId, text, userId } from './names.js'

// The process that appends durably, so many at a time, and tells how many became durable in a second.

/** Through the store: each of the senders waits for its acknowledgement before it sends the next. */
async function store(file: string, times: number, senders: number): Promise<number> {
  const { benchStore } = await import('./bench-store.js')
  const opened = await benchStore(`sqlite:${file}`)
  const body = JSON.stringify({ text })
  const open = { kind: 'group', members: [] }
  const send = async (sender: number, place: number) => {
    const key = clientId(sender).replace('{n8}', String(place).padStart(8, '0'))
    const append = { conversation: roomId, from: userId(sender), clientId: key, at: Date.now(), body, digest: key }
    const answer = await opened.log.append({ ...append, counts: true, open })
    if (answer.status !== 'appended') throw new Error(`an append was answered with ${answer.status}`)
  }
  await send(senders, 0)
  const each = Math.ceil(times / senders)
  const began = performance.now()
  await Promise.all(
    Array.from({ length: senders }, async (_, sender) => {
      for (let place = 0; place < each; place++) await send(sender, place)
    }),
  )
  const seconds = (performance.now() - began) / 1_000
  await opened.close()
  return (each * senders) / seconds
}

/** What the disk does alone: a message is written behind the last and synced, one by one. */
function disk(file: string, times: number): number {
  const descriptor = openSync(file, 'w')
  const began = performance.now()
  for (let i = 0; i < times; i++) {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  }
  const seconds = (performance.now() - began) / 1_000
  closeSync(descriptor)
  return times / seconds
}

process.once('disconnect', () => process.exit())
const [, , way, file, times, senders] = process.argv as [string, string, string, string, string, string]
process.send!(way === 'disk' ? disk(file, Number(times)) : await store(file, Number(times), Number(senders)))
