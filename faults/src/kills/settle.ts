import type { Network } from '../record/network.js'
import type { Cast } from './cast.js'

/** Longer than this it takes nobody, ms. */
const patienceMs = 60_000
const pollMs = 25

/**
 * Waits until all that was given is sent and everybody has what there is; what is still missing when
 * nothing happens any more.
 */
export async function settle(
  network: Network,
  cast: Pick<Cast, 'talkers' | 'pipeliners'>,
  silenceMs: number,
): Promise<readonly string[]> {
  const { history } = network
  const until = performance.now() + patienceMs
  let last = { now: history.now, at: performance.now() }
  for (;;) {
    const restless = unfinished(network, cast)
    const at = performance.now()
    if (history.now !== last.now) last = { now: history.now, at }
    if (restless.length === 0 || at > until || at > last.at + silenceMs) return restless
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

function unfinished({ history }: Network, { talkers, pipeliners }: Pick<Cast, 'talkers' | 'pipeliners'>): string[] {
  const heads = new Map<string, number>()
  for (const { conversation, acks } of history.given.values()) {
    heads.set(conversation, Math.max(heads.get(conversation) ?? 0, acks[0]?.seq ?? 0))
  }
  const found = talkers.filter(({ idle }) => !idle).map((talker) => talker.describe())
  if (pipeliners.some(({ idle }) => !idle)) found.push('a pipelining device waits for acks')
  for (const talker of talkers) {
    for (const [id, members] of history.conversations()) {
      const head = heads.get(id) ?? 0
      if (members.has(talker.user) && talker.head(id) < head) {
        found.push(`${talker.device} knows ${id} up to ${talker.head(id)} of ${head}`)
      }
    }
  }
  return found
}
