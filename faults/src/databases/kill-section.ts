import type { FaultyLink } from '@natter/servers'
import { moment } from '../kills/life.js'
import { planName } from '../kills/plan.js'
import type { ServerProcess } from '../process/server-process.js'
import type { Stage } from '../process/stage.js'
import { storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import type { Section, SectionOptions } from '../run/section.js'
import type { LoneDatabase } from './lone-database.js'
import { openDatabase } from './open-database.js'
import { makeDatabasePlan } from './plan.js'
import type { Blow, DatabaseLife } from './plan.js'
import { talkOver } from './talk-over.js'

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Kills the database by plan, and breaks the network to it, while people talk; then every ack and every view is compared. */
export async function databaseKillSection(options: SectionOptions & { readonly kills: number }): Promise<Section> {
  const { store, seed, kills, progress } = options
  const plan = makeDatabasePlan(new Random(seed).fork('database plan'), kills)
  progress(`plan ${planName(plan)} of seed ${seed}: ${kills} kills of the database`)
  const database = await openDatabase(storeKind(store).database!)
  const blows = plan.reduce((sum, life) => sum + life.blows.length, 0)
  const report = await talkOver(options, database, plan, (life, ...rest) => liveAndDie(life, database, ...rest))
  const { violations, ...figures } = report
  return {
    name: 'database kills',
    figures: { database_kills: kills, network_faults: blows, ...figures, plan: planName(plan) },
    violations,
  }
}

/** Runs one life of the database to its death, and starts it again; the server that runs afterwards. */
async function liveAndDie(
  life: DatabaseLife,
  database: LoneDatabase,
  stage: Stage,
  server: ServerProcess,
): Promise<ServerProcess> {
  const { link } = database
  const timers = life.blows.map((each) => setTimeout(() => strike(each, link), each.afterMs))
  await moment(life.moment, stage.network, server)
  for (const timer of timers) clearTimeout(timer)
  await Promise.all([database.kill(), life.both && stage.down(server)])
  link.pass()
  await after(life.downMs)
  await database.start()
  return life.both ? stage.up() : server
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
