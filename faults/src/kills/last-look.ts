import type { Evidence } from '../checks/evidence.js'
import { fetchAll } from '../people/fetch.js'
import { screensOf } from '../people/screens.js'
import type { Stage } from '../process/stage.js'
import { dismiss } from './cast.js'
import type { Cast } from './cast.js'
import { settle } from './settle.js'

/** Lets everybody finish on one server, kills it, and fetches everything from another. */
export async function lastLook(
  stage: Stage,
  cast: Cast,
  silenceMs: number,
): Promise<{ readonly evidence: Evidence; readonly restless: readonly string[] }> {
  const { network } = stage
  for (const device of [...cast.talkers, ...cast.pipeliners]) device.rest()
  for (const observer of cast.observers) observer.close()
  await cast.host?.rest()
  const quiet = await stage.up()
  const unsent = (await cast.host?.settle(silenceMs)) ?? []
  const restless = [...unsent, ...(await settle(network, cast, silenceMs))]
  const screens = await screensOf(network.history, cast.talkers, silenceMs)
  const last = new Set(cast.talkers.map(({ view }) => view))
  await stage.down(quiet)
  // From here on nobody moves a mark any more.
  await dismiss(cast)

  await stage.up({ last: true })
  const evidence: Evidence = {
    history: network.history,
    fetches: await Promise.all(cast.users.map((user) => fetchAll(network, user))),
    views: cast.talkers.flatMap(({ views }) => views),
    last,
    screens,
    restored: false,
    orders: cast.host?.orders,
    outcomes: cast.talkers.flatMap(({ outcomes }) => outcomes),
  }
  return { evidence, restless }
}
