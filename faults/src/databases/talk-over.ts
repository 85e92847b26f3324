import { checkAll } from '../checks/check-all.js'
import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { dismiss, makeCast } from '../kills/cast.js'
import { lastLook } from '../kills/last-look.js'
import { summary } from '../kills/summary.js'
import type { TalkFigures } from '../kills/summary.js'
import type { ServerProcess } from '../process/server-process.js'
import { Stage } from '../process/stage.js'
import { Random } from '../random.js'
import type { Network } from '../record/network.js'
import type { SectionOptions } from '../run/section.js'
import type { Database } from './database.js'

/** So long after the database is back nothing was acknowledged: service does not resume by itself, ms. */
const patienceMs = 30_000

interface Talk extends TalkFigures {
  /** The longest that it took from the database's being back to the next ack. */
  readonly resumed_ms: number
  /** Errors that servers logged. */
  readonly logged: number
  readonly violations: readonly Violation[]
}

/** Does something to the database, one after the other, while people talk; then holds every ack and every view against it. */
export async function talkOver<Life>(
  options: SectionOptions,
  database: Database,
  plan: readonly Life[],
  live: (life: Life, stage: Stage, server: ServerProcess) => Promise<ServerProcess>,
): Promise<Talk> {
  const { store, seed, silenceMs, progress } = options
  const random = new Random(`${seed}/database`)
  const stage = await Stage.open(
    { store, durability: 'full', clock: 'system', identity: 'tokens' },
    { mischief: random.fork('mischief'), database },
  )
  const { network } = stage
  const cast = makeCast(network, random.fork('cast'))
  const violations: Violation[] = []
  const servers = new Set<ServerProcess>()
  let longest = 0
  try {
    for (const device of [...cast.talkers, ...cast.pipeliners]) device.talk()
    let server = await stage.up()
    await nextAck(network)
    for (const [number, life] of plan.entries()) {
      servers.add(server)
      server = await live(life, stage, server)
      const took = await nextAck(network)
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

/** How long it takes to the next ack, ms. */
function nextAck(network: Network): Promise<number | undefined> {
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
