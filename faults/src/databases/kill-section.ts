import type { FaultyLink } from '@natter/servers'
import { moment } from '../kills/life.js'
import { planName } from '../kills/plan.js'
import type { ServerProcess } from '../process/server-process.js'
import type { Stage } from '../process/stage.js'
import { storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import type { Section, SectionOptions } from '../run/section.js'
import type { LoneDatabases } from './lone-databases.js'
import { openDatabases } from './open-databases.js'
import { makeDatabasePlan } from './plan.js'
import type { Blow, DatabaseLife } from './plan.js'
import { talkOver } from './talk-over.js'

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Kills the databases by plan, and breaks the network to them, while people talk; then every ack and every view is compared. */
export async function databaseKillSection(options: SectionOptions & { readonly kills: number }): Promise<Section> {
  const { store, seed, kills, progress } = options
  const { databases } = storeKind(store)
  const plan = makeDatabasePlan(new Random(seed).fork('database plan'), kills, databases.length)
  progress(`plan ${planName(plan)} of seed ${seed}: ${kills} kills of the database`)
  const database = await openDatabases(databases)
  const blows = plan.reduce((sum, life) => sum + life.blows.length, 0)
  const deaths = plan.reduce((sum, life) => sum + life.dying.length, 0)
  const report = await talkOver(options, { database }, plan, (life, ...rest) => liveAndDie(life, database, ...rest))
  const { violations, ...figures } = report
  return {
    name: 'database kills',
    figures: {
      database_kills: kills,
      databases_killed: deaths,
      network_faults: blows,
      ...figures,
      plan: planName(plan),
    },
    violations,
  }
}

/** Runs one life of the databases to the death of some, and starts them again; the server that runs afterwards. */
async function liveAndDie(
  life: DatabaseLife,
  { all }: LoneDatabases,
  stage: Stage,
  server: ServerProcess,
): Promise<ServerProcess> {
  const timers = life.blows.map((each) => setTimeout(() => strike(each, all[each.database]!.link), each.afterMs))
  await moment(life.moment, stage.network, server)
  for (const timer of timers) clearTimeout(timer)
  const dying = life.dying.map((place) => all[place]!)
  await Promise.all([...dying.map((each) => each.kill()), life.withServer && stage.down(server)])
  for (const { link } of all) link.pass()
  await after(life.downMs)
  await Promise.all(dying.map((each) => each.start()))
  return life.withServer ? stage.up() : server
}

function strike({ what }: Blow, link: FaultyLink): void {
  switch (what.kind) {
    case 'reset':
      return link.reset()
    case 'cut':
      return void link.cutAfter(what.bytes, what.direction)
    case 'stall':
      link.stall(...what.directions)
      break
    case 'refuse':
      link.refuse()
  }
  setTimeout(() => link.pass(), what.ms)
}
