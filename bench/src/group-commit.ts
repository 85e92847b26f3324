import { performance } from 'node:perf_hooks'
import { clientId, roomId, text, userId } from './names.js'

// The process of a crowd whose messages become durable: through the store, or one insert for each.

/** What it is started with and what it tells, as JSON. */
export interface CrowdPlan {
  readonly way: 'store' | 'plain'
  readonly url: string
  readonly senders: number
  /** Messages before those that are timed: code that runs for the first time is not what is asked about, on either side. */
  readonly warm: number
  readonly times: number
}
export interface CrowdTold {
  /** µs of wall time per message. */
  readonly message: number
  /** Median wait of a sender, ms. */
  readonly p50: number
}

type Send = (sender: number, place: number) => Promise<void>

async function throughStore(url: string): Promise<{ send: Send; close(): Promise<void> }> {
  const { benchStore } = await import('./bench-store.js')
  const store = await benchStore(url)
  const body = JSON.stringify({ text })
  const open = { kind: 'group', members: [] }
  return {
    async send(sender, place) {
      const key = clientId(sender).replace('{n8}', String(place).padStart(8, '0'))
      const append = { conversation: roomId, from: userId(sender), clientId: key, at: Date.now(), body, digest: key }
      const { status } = await store.log.append({ ...append, counts: true, open })
      if (status !== 'appended') throw new Error(`an append was answered with ${status}`)
    },
    close: () => store.close(),
  }
}

/** The seq is counted here: what a counter in the database would cost is not laid to the insert. */
async function insertEach(url: string): Promise<{ send: Send; close(): Promise<void> }> {
  const { plainMessages } = await import('./plain-messages.js')
  const messages = await plainMessages(url)
  let seq = 0
  return {
    send: (sender, place) =>
      messages.insert({
        conversation: roomId,
        seq: ++seq,
        from: userId(sender),
        clientId: clientId(sender).replace('{n8}', String(place).padStart(8, '0')),
        at: Date.now(),
        text,
      }),
    close: () => messages.close(),
  }
}

async function crowd({ way, url, senders, warm, times }: CrowdPlan): Promise<CrowdTold> {
  const { send, close } = await (way === 'store' ? throughStore(url) : insertEach(url))
  await send(senders, 0)
  const [before, each] = [warm, times].map((messages) => Math.ceil(messages / senders)) as [number, number]
  const waits: number[] = []
  const all = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: senders }, async (_, sender) => {
        for (let place = from; place < to; place++) {
          const asked = performance.now()
          await send(sender, place)
          waits.push(performance.now() - asked)
        }
      }),
    )
  await all(0, before)
  waits.length = 0
  const began = performance.now()
  await all(before, before + each)
  const ms = performance.now() - began
  await close()
  waits.sort((a, b) => a - b)
  return { message: (ms * 1_000) / waits.length, p50: waits[Math.floor(waits.length / 2)]! }
}

process.once('disconnect', () => process.exit())
process.send!(await crowd(JSON.parse(process.argv[2]!) as CrowdPlan))
