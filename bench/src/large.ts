import { benchStore, openBenchStore } from './bench-store.js'
import { conversationId, fillStore } from './fill-store.js'
import type { Filling } from './fill-store.js'
import { text, userId } from './names.js'

// The process of a store with many messages in it, beside one with few.

export interface LargePlan {
  readonly full: { readonly url: string; readonly filling: Filling; readonly filled: boolean }
  readonly few: { readonly url: string; readonly filling: Filling }
  readonly sends: number
  readonly pages: number
}
/** Wall time of one message of a crowd, and of one page, µs. */
export interface LargeTold {
  readonly send: number
  readonly page: number
  readonly fewSend: number
  readonly fewPage: number
}

const senders = 64
const pageSize = 50
/** Both are asked in turn, in so many rounds: a slow moment of the machine falls on both. */
const rounds = 10

async function filled(url: string, filling: Filling): Promise<void> {
  const store = await openBenchStore(url)
  await fillStore(store, filling, (line) => process.stderr.write(`  ${line}\n`))
  await store.close()
}

/** A store with what is done to it: messages to all conversations, and pages of the first of them, which have the most. */
async function subject(url: string, filling: Filling) {
  const store = await benchStore(url)
  const conversations = filling.reduce((sum, part) => sum + part.conversations, 0)
  const [first] = filling as [Filling[number]]
  let sent = 0
  const any = (count: number) => Math.floor(Math.random() * count)
  const send = async () => {
    const place = any(conversations)
    const { status } = await store.log.append({
      conversation: conversationId(place),
      from: userId(place * 2 + 1),
      clientId: `${process.pid}-${++sent}`,
      at: Date.now(),
      body: JSON.stringify({ text }),
      digest: 'none',
      counts: true,
    })
    if (status !== 'appended') throw new Error(`an append was answered with ${status}`)
  }
  const page = async () => {
    const from = 1 + any(first.each - pageSize + 1)
    const range = { from, to: from + pageSize - 1, limit: pageSize, bytes: 1e6 }
    const entries = await store.log.range(conversationId(any(first.conversations)), range)
    if (entries.length !== pageSize) throw new Error(`a page has ${entries.length} entries`)
  }
  return {
    async sends(count: number): Promise<number> {
      const began = performance.now()
      await Promise.all(
        Array.from({ length: senders }, async () => {
          for (let i = 0; i < count / senders; i++) await send()
        }),
      )
      return ((performance.now() - began) * 1_000) / (Math.ceil(count / senders) * senders)
    },
    async pages(count: number): Promise<number> {
      const began = performance.now()
      for (let i = 0; i < count; i++) await page()
      return ((performance.now() - began) * 1_000) / count
    },
    close: () => store.close(),
  }
}

async function compare({ full, few, sends, pages }: LargePlan): Promise<LargeTold> {
  if (!full.filled) await filled(full.url, full.filling)
  await filled(few.url, few.filling)
  const [large, small] = [await subject(full.url, full.filling), await subject(few.url, few.filling)]
  const told = { send: 0, page: 0, fewSend: 0, fewPage: 0 }
  // The first round warms both up.
  for (let round = 0; round <= rounds; round++) {
    const share = round === 0 ? 0 : 1 / rounds
    told.send += share * (await large.sends(sends / rounds))
    told.fewSend += share * (await small.sends(sends / rounds))
    told.page += share * (await large.pages(pages / rounds))
    told.fewPage += share * (await small.pages(pages / rounds))
  }
  await large.close()
  await small.close()
  return told
}

process.once('disconnect', () => process.exit())
process.send!(await compare(JSON.parse(process.argv[2]!) as LargePlan))
