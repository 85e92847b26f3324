import { checkAll } from '../checks/check-all.js'
import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { dismiss, makeCast, talk } from '../kills/cast.js'
import { lastLook } from '../kills/last-look.js'
import { summary } from '../kills/summary.js'
import type { TalkFigures } from '../kills/summary.js'
import type { ServerProcess } from '../process/server-process.js'
import { Stage } from '../process/stage.js'
import { Random } from '../random.js'
import type { SectionOptions } from '../run/section.js'

const day = 86_400_000
const hour = 3_600_000
const jumpEveryMs = 120

/** People talk while the clock jumps by days, forth and back; one kill in between. */
export async function talkOverJumps({ store, seed, silenceMs, progress }: SectionOptions): Promise<{
  readonly jumps: number
  readonly figures: TalkFigures
  readonly violations: readonly Violation[]
}> {
  const random = new Random(`${seed}/clock`)
  const stage = await Stage.open({ store, durability: 'full', clock: 'driven', identity: 'tokens' })
  const cast = makeCast(stage.network, random.fork('cast'))
  const jumps = [day, -day, -day, day, ...Array.from({ length: 8 }, () => random.pick([day, -day]))]
  try {
    talk(cast)
    let server = await stage.up()
    for (const [number, ms] of jumps.entries()) {
      await new Promise((resolve) => setTimeout(resolve, jumpEveryMs))
      await server.ask({ ask: 'jump', ms })
      if (number !== jumps.length / 2) continue
      // The next one starts with the right time, which is another jump.
      await stage.down(server)
      server = await stage.up()
    }
    const early = await expiry(server)
    await stage.down(server)
    const { evidence, restless } = await lastLook(stage, cast, silenceMs)
    progress(`${jumps.length} jumps of a day while ${evidence.history.acked} messages were acknowledged`)
    const broken = checkAll(evidence).map(({ invariant, what }) => `${invariant}: ${what}`)
    return {
      jumps: jumps.length + 2,
      figures: summary(evidence),
      violations: [...broken, ...restless, ...early].map((what) => violation('I12', what)),
    }
  } finally {
    stage.network.port = undefined
    await dismiss(cast)
    await stage.close()
  }
}

/** What lives for an hour is still there after the clock was a day ahead for a minute. */
async function expiry(server: ServerProcess): Promise<readonly string[]> {
  await server.ask({ ask: 'kv', do: 'set', key: 'hour', ttlMs: hour })
  await server.ask({ ask: 'jump', ms: day })
  await server.ask({ ask: 'pass', ms: 60_000 })
  await server.ask({ ask: 'kv', do: 'get', key: 'hour' })
  await server.ask({ ask: 'jump', ms: -day })
  const kept = await server.ask({ ask: 'kv', do: 'get', key: 'hour' })
  return kept === 'kept' ? [] : ['a value that lives for an hour was removed after a minute']
}
