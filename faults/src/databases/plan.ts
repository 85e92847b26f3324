import type { LinkDirection } from '@natter/servers'
import type { Moment } from '../kills/plan.js'
import type { Random } from '../random.js'

/** What happens to the network between server and database. */
export interface Blow {
  /** The database that it leads to, by its place in the store's. */
  readonly database: number
  readonly afterMs: number
  readonly what:
    | { readonly kind: 'reset' }
    | { readonly kind: 'cut'; readonly bytes: number; readonly direction: LinkDirection }
    | { readonly kind: 'stall'; readonly ms: number; readonly directions: readonly LinkDirection[] }
    | { readonly kind: 'refuse'; readonly ms: number }
}

/** From one start of the database to its end. */
export interface DatabaseLife {
  readonly blows: readonly Blow[]
  readonly moment: Exclude<Moment, { at: 'boot' | 'resume' }>
  /** The databases that die, by their places in the store's. */
  readonly dying: readonly number[]
  /** The chat server is killed at the same moment. */
  readonly withServer: boolean
  /** So long it is away. */
  readonly downMs: number
}

/** What is done to the databases of a run. The same seed, number of kills and of databases give the same plan. */
export function makeDatabasePlan(random: Random, kills: number, databases = 1): readonly DatabaseLife[] {
  const all = Array.from({ length: databases }, (_, place) => place)
  return Array.from({ length: kills }, (_, life) => {
    const own = random.fork(`database life ${life}`)
    return {
      blows: Array.from({ length: own.between(1, 4) }, () => blow(own, all)),
      moment: moment(own),
      // All of several at once in a third of the lives.
      dying: own.chance(1 / 3) ? all : [own.pick(all)],
      withServer: own.chance(0.25),
      downMs: own.between(0, 300),
    }
  })
}

function moment(random: Random): DatabaseLife['moment'] {
  const kind = random.next()
  if (kind < 0.2) return { at: 'any time', ms: random.between(100, 1_000) }
  if (kind < 0.6) return { at: 'ack', count: random.between(20, 200) }
  return { at: 'send', count: random.between(20, 200), ms: random.between(0, 3) }
}

function blow(random: Random, databases: readonly number[]): Blow {
  const database = random.pick(databases)
  const afterMs = random.between(0, 500)
  const kind = random.next()
  const direction = random.pick(['requests', 'replies'] as const)
  if (kind < 0.3) return { database, afterMs, what: { kind: 'reset' } }
  if (kind < 0.7) return { database, afterMs, what: { kind: 'cut', bytes: random.between(1, 20_000), direction } }
  if (kind < 0.9) {
    const directions = random.chance(0.5) ? [direction] : (['requests', 'replies'] as const)
    return { database, afterMs, what: { kind: 'stall', ms: random.between(20, 800), directions } }
  }
  return { database, afterMs, what: { kind: 'refuse', ms: random.between(20, 400) } }
}
