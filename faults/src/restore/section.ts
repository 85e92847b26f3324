import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sameForAll, dense } from '../checks/order.js'
import type { Evidence } from '../checks/evidence.js'
import { screensExact, viewsExact } from '../checks/views.js'
import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { openDatabases } from '../databases/open-databases.js'
import { settle } from '../kills/settle.js'
import { fetchAll } from '../people/fetch.js'
import { screensOf } from '../people/screens.js'
import { Talker } from '../people/talker.js'
import { Stage } from '../process/stage.js'
import { sqliteFiles, storeKind } from '../process/stores.js'
import { Random } from '../random.js'
import type { Section, SectionOptions } from '../run/section.js'

const before = 12
const after = 9

/**
 * I13: people talk, a backup is made, they talk on, and the backup is put back. In one of two stories others have talked
 * on in the restored store before anybody looks, so that it is longer than what the devices hold.
 */
export async function restoreSection(options: SectionOptions): Promise<Section> {
  const stories = [await story(options, 0), await story(options, after + 3)]
  const sum = (figure: (each: Story) => number) => stories.reduce((total, each) => total + figure(each), 0)
  return {
    name: 'restored store',
    figures: { restores: stories.length, resets: sum(({ resets }) => resets), taken_back: sum(({ back }) => back) },
    violations: stories.flatMap(({ violations }) => violations),
  }
}

interface Story {
  readonly resets: number
  readonly back: number
  readonly violations: readonly Violation[]
}

async function story({ store, seed, silenceMs, progress }: SectionOptions, overgrown: number): Promise<Story> {
  const { databases } = storeKind(store)
  const database = databases.length > 0 ? await openDatabases(databases) : undefined
  const stage = await Stage.open({ store, durability: 'full', clock: 'system', identity: 'tokens' }, { database })
  const { network } = stage
  const random = new Random(`${seed}/restore ${overgrown}`)
  const talkers = [
    new Talker(network, 'ada', 'ada-desk', ['ben'], random.fork('ada')),
    new Talker(network, 'ben', 'ben-desk', ['ada'], random.fork('ben')),
  ]
  const people = { talkers, pipeliners: [] }
  const conversation = network.history.conversation('ada', 'ben')
  const say = async (server: Awaited<ReturnType<Stage['up']>>, count: number, what: string) => {
    for (let i = 0; i < count; i++) {
      const [from, to] = random.chance(0.5) ? (['ada', 'ben'] as const) : (['ben', 'ada'] as const)
      const id = `${what}-${i}`
      network.history.give(from, to, id, id)
      await server.ask({ ask: 'send', from, to, text: id, id })
    }
  }
  try {
    for (const talker of talkers) talker.open(conversation)
    const first = await stage.up()
    await say(first, before, 'kept')
    await settle(network, people, silenceMs)
    await stage.down(first)
    await (database ? database.backup() : copyFiles(stage, (file) => [file, `${file}.backup`]))

    const second = await stage.up()
    await say(second, after, 'lost')
    await reached(talkers, conversation, before + after)
    await stage.down(second)
    await (database ? database.putBack() : copyFiles(stage, (file) => [`${file}.backup`, file]))
    progress(`restored a backup: ${after} of ${before + after} messages are taken back`)

    const third = await stage.pool.start()
    await say(third.server, overgrown, 'other')
    network.port = third.port
    await reached(talkers, conversation, before + overgrown)
    return await judge(stage, talkers, silenceMs)
  } finally {
    for (const talker of talkers) await talker.close()
    await stage.close()
  }
}

/** Copies what a store of SQLite consists of; what is not there is not there afterwards either. */
async function copyFiles({ folder }: Stage, way: (file: string) => readonly [from: string, to: string]): Promise<void> {
  for (const file of sqliteFiles) {
    const [from, to] = way(join(folder, file))
    await rm(to, { force: true })
    await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
}

/** Waits until these clients show a conversation of this length, or a few seconds. */
async function reached(talkers: readonly Talker[], conversation: string, head: number): Promise<void> {
  const until = performance.now() + 8_000
  const there = (talker: Talker) => talker.idle && talker.head(conversation) === head
  while (performance.now() < until && !talkers.every(there)) await new Promise((resolve) => setTimeout(resolve, 25))
}

async function judge({ network }: Stage, talkers: readonly Talker[], silenceMs: number): Promise<Story> {
  const screens = await screensOf(network.history, talkers, silenceMs)
  const fetches = await Promise.all(['ada', 'ben'].map((user) => fetchAll(network, user)))
  const views = talkers.map(({ view }) => view)
  const evidence: Evidence = {
    history: network.history,
    fetches,
    views,
    last: new Set(views),
    screens,
    outcomes: [],
    restored: true,
  }
  const silent = views.filter(({ resets }) => resets === 0)
  const different = [...screensExact(evidence), ...viewsExact(evidence)]
  return {
    resets: views.reduce((sum, { resets }) => sum + resets, 0),
    back: after,
    violations: [
      ...silent.map(({ device }) => violation('I13', `${device} was not told that the store is an older one`)),
      ...different.map(({ what }) => violation('I13', what)),
      ...dense(evidence),
      ...sameForAll(evidence),
    ],
  }
}
