import { checkAll } from '../checks/check-all.js'
import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { dismiss, makeCast, talk } from '../kills/cast.js'
import { lastLook } from '../kills/last-look.js'
import { summary } from '../kills/summary.js'
import type { TalkFigures } from '../kills/summary.js'
import type { ServerProcess } from '../process/server-process.js'
import { Stage } from '../process/stage.js'
import { storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import type { Network } from '../record/network.js'
import type { SectionOptions } from '../run/section.js'
import type { Database } from './database.js'

/** So long after the database is back nothing was acknowledged: service does not resume by itself, ms. */
const patienceMs = 30_000

interface TalkParts {
  /** Where the servers store; it ends with the talk. */
  readonly database?: Database | undefined
  /** Where the folder of the servers is made. */
  readonly parent?: string
  /** People who do not talk by themselves, and whose conversations are compared too. */
  readonly others?: readonly string[]
}
interface Talk extends TalkFigures {
  /** The longest that it took from the database's being back to the next ack. */
  readonly resumed_ms: number
  /** Errors that servers logged. */
  readonly logged: number
  readonly violations: readonly Violation[]
}

/** Does something to the databases, one after the other, while people talk; then holds every ack and every view against it. */
export async function talkOver<Life>(
  options: SectionOptions,
  { others = [], ...parts }: TalkParts,
  plan: readonly Life[],
  live: (life: Life, stage: Stage, server: ServerProcess) => Promise<ServerProcess>,
): Promise<Talk> {
  const { store, seed, silenceMs, progress } = options
  const random = new Random(`${seed}/database`)
  const stage = await Stage.open(
    { store, durability: 'full', clock: 'system', identity: 'tokens' },
    { mischief: random.fork('mischief'), ...parts },
  )
  const { network } = stage
  const cast = makeCast(network, random.fork('cast'), { host: storeKind(store).host !== undefined, others })
  const violations: Violation[] = []
  const servers = new Set<ServerProcess>()
  let longest = 0
  try {
    talk(cast)
    let server = await stage.up()
    await nextAck(network, patienceMs)
    for (const [number, life] of plan.entries()) {
      servers.add(server)
      server = await live(life, stage, server)
      const took = await nextAck(network, patienceMs)
      if (took === undefined) {
        violations.push(violation('I9', `nothing was acknowledged for ${patienceMs} ms after fault ${number + 1}`))
      } else longest = Math.max(longest, took)
      progress(`${number + 1} of ${plan.length}, ${network.history.acked} acked`)
    }
    servers.add(server)
    await stage.down(server)
    const { evidence, restless } = await lastLook(stage, cast, silenceMs)
    violations.push(...checkAll(evidence), ...restless.map((what) => violation('all sent', what)))
    const logged = [...servers].reduce((sum, { errors }) => sum + errors, 0)
    return { ...summary(evidence), resumed_ms: Math.round(longest), logged, violations }
  } finally {
    network.port = undefined
    await dismiss(cast)
    await stage.close()
  }
}

/** How long it takes to the next ack, ms; nothing if it takes longer than it may. */
export function nextAck(network: Network, patienceMs: number): Promise<number | undefined> {
  const start = performance.now()
  return new Promise((resolve) => {
    const end = (took: number | undefined) => {
      clearTimeout(timer)
      network.watch = undefined
      resolve(took)
    }
    const timer = setTimeout(() => end(undefined), patienceMs)
    network.watch = (direction, [kind]) => {
      if (direction === 'in' && kind === 'a') end(performance.now() - start)
    }
  })
}
