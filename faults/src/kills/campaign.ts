import { checkAll } from '../checks/check-all.js'
import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { Stage } from '../process/stage.js'
import { storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import type { SectionOptions } from '../run/section.js'
import { dismiss, makeCast, talk } from './cast.js'
import { lastLook } from './last-look.js'
import { liveAndDie } from './life.js'
import { makePlan, planName } from './plan.js'
import { summary } from './summary.js'
import type { TalkFigures } from './summary.js'

export interface KillOptions extends SectionOptions {
  readonly kills: number
}
export interface KillReport extends TalkFigures {
  readonly plan: string
  readonly kills: number
  /** Errors that servers logged. */
  readonly logged: number
  readonly violations: readonly Violation[]
}

/** Kills servers by plan while people talk, then holds every ack against the store and every client's view. */
export async function killCampaign(options: KillOptions): Promise<KillReport> {
  const { store, seed, kills, progress } = options
  const random = new Random(seed)
  const plan = makePlan(random.fork('plan'), kills)
  progress(`plan ${planName(plan)} of seed ${seed}: ${kills} kills`)
  const stage = await Stage.open(
    { store, durability: 'full', clock: 'system', identity: 'tokens' },
    { mischief: random.fork('mischief') },
  )
  const { network, pool } = stage
  const cast = makeCast(network, random.fork('cast'), { host: storeKind(store).host !== undefined })
  try {
    talk(cast)
    let logged = 0
    for (const [number, life] of plan.entries()) {
      const started = await pool.take()
      pool.prepare()
      await liveAndDie(life, started, network, cast)
      logged += started.server.errors
      if ((number + 1) % 10 === 0) progress(`${number + 1} of ${kills} kills, ${network.history.acked} acked`)
    }
    const { evidence, restless } = await lastLook(stage, cast, options.silenceMs)
    const violations = [...checkAll(evidence), ...restless.map((what) => violation('all sent', what))]
    return { kills, ...summary(evidence), logged, plan: planName(plan), violations }
  } finally {
    network.port = undefined
    await dismiss(cast)
    await stage.close()
  }
}
