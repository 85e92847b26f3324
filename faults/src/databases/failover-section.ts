import { moment } from '../kills/life.js'
import { planName } from '../kills/plan.js'
import { storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import type { Section, SectionOptions } from '../run/section.js'
import { openReplicaSet } from './open-databases.js'
import { makeDatabasePlan } from './plan.js'
import { talkOver } from './talk-over.js'

/** Three members of MongoDB: the one that takes the writes is killed, and the next time it steps down, and so on. */
export async function failoverSection(options: SectionOptions & { readonly failovers: number }): Promise<Section> {
  const { store, seed, failovers, progress } = options
  const plan = makeDatabasePlan(new Random(seed).fork('failover plan'), failovers)
  progress(`plan ${planName(plan)} of seed ${seed}: ${failovers} failovers`)
  const database = await openReplicaSet(storeKind(store).databases)
  let killed = 0
  const { violations, ...figures } = await talkOver(options, { database }, plan, async (life, stage, server) => {
    await moment(life.moment, stage.network, server)
    // A member that is away while the next one goes would leave no majority.
    await database.start()
    if (plan.indexOf(life) % 2 === 1) await database.stepDown()
    else {
      await database.kill()
      killed++
    }
    return server
  })
  return {
    name: 'failovers',
    figures: { failovers, primaries_killed: killed, ...figures, plan: planName(plan) },
    violations,
  }
}
