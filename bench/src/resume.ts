import { benchStore } from './bench-store.js'
import { cpuOf } from './cpu-of.js'
import { text, userId } from './names.js'

// The process of one who returns to a thousand conversations, of which ten have changed.

export interface ResumePlan {
  readonly url: string
  readonly conversations: number
  readonly changed: number
  readonly times: number
}
/** CPU time of this process, µs: to find what changed, and to list everything. */
export interface ResumeTold {
  readonly resume: number
  readonly everything: number
}

const chunk = 200

async function returns({ url, conversations, changed, times }: ResumePlan): Promise<ResumeTold> {
  const store = await benchStore(url)
  const me = userId(0)
  const append = (i: number, round: string) =>
    store.log.append({
      conversation: `c-${i}`,
      from: userId(i + 1),
      clientId: `${round}-${i}`,
      at: Date.now(),
      body: JSON.stringify({ text }),
      digest: 'none',
      counts: true,
      ...(round === 'first' && { open: { kind: 'direct', members: [me, userId(i + 1)] } }),
    })
  for (let from = 0; from < conversations; from += chunk) {
    await Promise.all(
      Array.from({ length: Math.min(chunk, conversations - from) }, (_, i) => append(from + i, 'first')),
    )
  }
  const after = await store.log.latest()
  for (let i = 0; i < changed; i++) await append(i * Math.floor(conversations / changed), 'second')
  const timed = async (since: number, limit: number, count: number) => {
    const found = await store.log.states(me, { after: since, limit })
    if (found.length !== (since === 0 ? conversations : changed))
      throw new Error(`${found.length} conversations were found`)
    const cpu = await cpuOf(async () => {
      for (let i = 0; i < count; i++) await store.log.states(me, { after: since, limit })
    })
    return cpu / count
  }
  // Warm for both.
  await timed(after, 100, times)
  await timed(0, 1_000, Math.ceil(times / 20))
  const resume = await timed(after, 100, times)
  const everything = await timed(0, 1_000, Math.ceil(times / 20))
  await store.close()
  return { resume, everything }
}

process.once('disconnect', () => process.exit())
process.send!(await returns(JSON.parse(process.argv[2]!) as ResumePlan))
