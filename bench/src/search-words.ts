import { search } from '@natter/search'
import { position } from '@natter/search/contract'
import { RawRefusal } from '@natter/testkit'
import { inProcessChat } from './in-process-chat.js'
import { userId } from './names.js'

// The process of one who searches in many messages, most of which are of others.

export interface SearchPlan {
  readonly url: string
  readonly messages: number
  readonly times: number
}
/** Wall time of a search, ms: of a word that a few of my messages have, of one that all have, and of one that nobody wrote. */
export interface SearchTold {
  readonly rare: number
  readonly common: number
  readonly none: number
}

/** I am in this many conversations; all others are of others. */
const mine = 10
const each = 500
const chunk = 256
const wordOf = (i: number) => `word${(i * 7_919) % 5_000}`

async function searches({ url, messages, times }: SearchPlan): Promise<SearchTold> {
  const { chat, storage, device } = await inProcessChat(url, [search()])
  const conversations = Math.ceil(messages / each)
  const me = userId(0)
  const append = (i: number) => {
    const place = i % conversations
    const other = userId(place * 2 + 1)
    const first = place < mine ? me : userId(place * 2 + 2)
    return storage.log.append({
      conversation: `c-${place}`,
      from: other,
      clientId: `m-${i}`,
      at: Date.now(),
      body: JSON.stringify({ type: 'text', text: `hello everybody, this is ${wordOf(i)} and ${wordOf(i + 3)}` }),
      digest: 'none',
      counts: true,
      ...(i < conversations && { open: { kind: 'direct', members: [first, other] } }),
    })
  }
  for (let from = 0; from < messages; from += chunk) {
    await Promise.all(Array.from({ length: Math.min(chunk, messages - from) }, (_, i) => append(from + i)))
    if (from % (chunk * 400) === 0) process.stderr.write(`  ${from} of ${messages} messages\n`)
  }
  const mineDevice = await device(me)
  /** How many it finds and how long that took, ms. Who searches so often is told to wait now and then. */
  const find = async (text: string): Promise<{ readonly found: number; readonly ms: number }> => {
    for (;;) {
      const began = performance.now()
      const answer = await mineDevice
        .request<{ readonly hits: readonly unknown[] }>('search.messages', { text })
        .catch((error: unknown) => error)
      const ms = performance.now() - began
      if (!(answer instanceof Error))
        return { found: (answer as { readonly hits: readonly unknown[] }).hits.length, ms }
      if (!(answer instanceof RawRefusal) || answer.code !== 'NATTER_RATE_LIMITED') throw answer
      await new Promise((resolve) => setTimeout(resolve, Number(answer.shape['retryAfterMs'])))
    }
  }
  // The index is behind the log until it has read all of it.
  const read = async () => (await storage.records('search', position).get({ of: 'log' }))?.mark ?? 0
  while ((await read()) < (await storage.log.latest())) await new Promise((resolve) => setTimeout(resolve, 500))
  const inMine = wordOf(messages - conversations)
  if ((await find(inMine)).found === 0) throw new Error('a word of mine is not found')
  const timed = async (text: string) => {
    await find(text)
    let sum = 0
    for (let i = 0; i < times; i++) sum += (await find(text)).ms
    return sum / times
  }
  const told = { rare: await timed(inMine), common: await timed('everybody'), none: await timed('nowhere') }
  mineDevice.drop()
  await chat.stop()
  return told
}

process.once('disconnect', () => process.exit())
process.send!(await searches(JSON.parse(process.argv[2]!) as SearchPlan))
