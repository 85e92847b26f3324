import { setTimeout as pause } from 'node:timers/promises'
import type { ServerProcess } from '../process/server-process.js'
import type { Stage } from '../process/stage.js'
import type { Random } from '../random.js'
import type { TimedPerson } from './timed-person.js'

/** So much passes at once, ms. */
const leap = { least: 500, most: 4_000 } as const
/** A server whose lease is over lets others do what it had begun, and what is not there yet is looked for a minute later, ms. */
const restMs = 10_000
const mostRests = 40

async function passes(stage: Stage, server: ServerProcess, ms: number): Promise<void> {
  stage.pool.aheadMs += ms
  await server.ask({ ask: 'pass', ms })
}

/** Lets time pass on a server, and kills it while it does what is due. */
export async function liveTimed(stage: Stage, server: ServerProcess, random: Random): Promise<void> {
  for (let left = random.between(2, 5); left > 0; left--) {
    await pause(random.between(20, 100))
    await passes(stage, server, random.between(leap.least, leap.most))
  }
  await pause(random.between(0, 25))
  await stage.down(server)
}

/** Lets time pass until nothing is due any more. What still is after that. */
export async function restTimed(
  stage: Stage,
  server: ServerProcess,
  people: readonly TimedPerson[],
): Promise<readonly string[]> {
  let still: readonly string[] = []
  for (let rest = 0; rest < mostRests; rest++) {
    await passes(stage, server, restMs)
    still = (await Promise.all(people.map((each) => each.unfinished()))).flat()
    if (still.length === 0) return []
    await pause(20)
  }
  return still
}
