import { join } from 'node:path'
import { ackedSurvives, allSent, shownSurvives } from '../checks/acked.js'
import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { fetchAll } from '../people/fetch.js'
import type { ServerProcess } from '../process/server-process.js'
import { Stage } from '../process/stage.js'
import type { Section, SectionOptions } from '../run/section.js'
import { LivePair } from './live-pair.js'
import { StalledDevice } from './stalled-device.js'

/** The server lets one person connect so often, and one address begin so many connections at once. */
const devicesPerUser = 10
const atOnce = 10
const pairs = 8
/** Enough to go beyond what the kernel holds back and what the server keeps for one socket. */
const rounds = 110
const bytes = 16_000
/** More memory than this means that what nobody reads is kept (research: 150 MiB for 500 sockets). */
const boundMiB = 150
const quietMs = 1_500
const patienceMs = 15_000
const mebi = 2 ** 20

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** I8: sockets that are not read are closed, memory stays bounded, and others notice nothing. */
export async function slowSection(options: SectionOptions & { readonly sockets: number }): Promise<Section> {
  const { store, progress } = options
  const stage = await Stage.open({ store, durability: 'full', clock: 'system', identity: 'tokens', unixSocket: true })
  const { network } = stage
  const server = await stage.up({ last: true })
  const live = Array.from({ length: pairs }, (_, n) => new LivePair(network, `live-a${n}`, `live-b${n}`))
  const stalled: StalledDevice[] = []
  try {
    await until(() => live.every(({ up }) => up))
    await after(quietMs)
    const calm = takeLatencies(live)
    const users = Array.from({ length: Math.ceil(options.sockets / devicesPerUser) }, (_, n) => `stalled-${n}`)
    stalled.push(...(await stall(join(stage.folder, 'chat.sock'), users, options.sockets)))
    progress(`${stalled.length} sockets stopped reading`)

    const { rss: before } = await server.ask({ ask: 'memory' })
    const flood = server.ask({ ask: 'flood', from: 'feeder', to: users, rounds, bytes })
    const highest = await watchMemory(server, flood)
    const left = await gone(server, pairs * 2)
    const busy = takeLatencies(live)
    for (const pair of live) pair.rest()
    await until(() => live.every(({ open }) => open === 0))

    const grown = Math.round((highest - before) / mebi)
    const wrong: Violation[] = [...(await judge(stage, live)), ...(await resumed(stage, users))]
    if (left > 0) wrong.push(violation('I8', `${left} sockets that nobody reads were not closed`))
    if (grown > boundMiB) wrong.push(violation('I8', `memory grew by ${grown} MiB, more than ${boundMiB}`))
    return {
      name: 'slow consumers',
      figures: {
        stalled: stalled.length,
        closed: stalled.length - left,
        MiB_grown: grown,
        live_messages: network.history.acked,
        calm_p50_ms: calm.p50,
        calm_p99_ms: calm.p99,
        busy_p50_ms: busy.p50,
        busy_p99_ms: busy.p99,
      },
      violations: wrong,
    }
  } finally {
    for (const device of [...stalled, ...live]) device.close()
    await stage.close()
  }
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + patienceMs
  while (!condition() && performance.now() < end) await after(20)
}

/** A few at a time: the server counts unfinished connections per address. */
async function stall(socketFile: string, users: readonly string[], sockets: number): Promise<StalledDevice[]> {
  const tokens = users.flatMap((user) => Array.from({ length: devicesPerUser }, (_, n) => `${user}:device-${n}`))
  const devices: StalledDevice[] = []
  for (let from = 0; from < sockets; from += atOnce) {
    const batch = tokens.slice(from, Math.min(from + atOnce, sockets))
    devices.push(...(await Promise.all(batch.map((token) => StalledDevice.connect(socketFile, token)))))
  }
  return devices
}

/** The highest resident memory of the server until the work is done. */
async function watchMemory(server: ServerProcess, work: Promise<unknown>): Promise<number> {
  let working = true
  let highest = 0
  const watch = async () => {
    while (working) {
      highest = Math.max(highest, (await server.ask({ ask: 'memory' })).rss)
      await after(50)
    }
  }
  await Promise.all([watch(), work.finally(() => (working = false))])
  return highest
}

/** Waits until only so many are connected; how many more there are after a while. */
async function gone(server: ServerProcess, expected: number): Promise<number> {
  const end = performance.now() + patienceMs
  for (;;) {
    const { connections } = await server.ask({ ask: 'memory' })
    if (connections <= expected || performance.now() > end) return Math.max(0, connections - expected)
    await after(100)
  }
}

function takeLatencies(live: readonly LivePair[]) {
  const all = live.flatMap(({ latencies }) => latencies.splice(0)).sort((a, b) => a - b)
  const at = (part: number) => Math.round((all[Math.floor(all.length * part)] ?? 0) * 10) / 10
  return { p50: at(0.5), p99: at(0.99) }
}

/** The others lost nothing, no connection either. */
async function judge({ network }: Stage, live: readonly LivePair[]): Promise<Violation[]> {
  const lost = live.reduce((sum, { losses }) => sum + losses, 0)
  const open = live.reduce((sum, pair) => sum + pair.open, 0)
  const people = [...network.history.conversations()].map(([, members]) => [...members][0]!)
  const evidence = {
    history: network.history,
    fetches: await Promise.all(people.map((user) => fetchAll(network, user))),
    views: [],
    last: new Set<never>(),
    screens: [],
    outcomes: [],
    restored: false,
  }
  return [
    ...ackedSurvives(evidence),
    ...shownSurvives(evidence),
    ...allSent(evidence),
    ...(lost > 0 ? [violation('I8', `${lost} connections of people who read were lost`)] : []),
    ...(open > 0 ? [violation('I8', `${open} messages to people who read did not arrive`)] : []),
  ]
}

/** Who read too slowly finds everything afterwards. */
async function resumed({ network }: Stage, users: readonly string[]): Promise<Violation[]> {
  const found: Violation[] = []
  for (const user of users.slice(0, 5)) {
    network.history.conversation('feeder', user)
    const { conversations } = await fetchAll(network, user)
    const entries = [...conversations.values()].flatMap((each) => each.entries)
    if (entries.length !== rounds) found.push(violation('I8', `${user} finds ${entries.length} of ${rounds} messages`))
  }
  return found
}
