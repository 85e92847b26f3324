import type { LinkDirection } from '@natter/servers'
import type { Moment } from '../kills/plan.js'
import type { Random } from '../random.js'

/** What happens to the network between server and database. */
export interface Blow {
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
  /** The chat server is killed at the same moment. */
  readonly both: boolean
  /** So long it is away. */
  readonly downMs: number
}

/** What is done to the database of a run. The same seed and number of kills give the same plan. */
export function makeDatabasePlan(random: Random, kills: number): readonly DatabaseLife[] {
  return Array.from({ length: kills }, (_, life) => {
    const own = random.fork(`database life ${life}`)
    return {
      blows: Array.from({ length: own.between(1, 4) }, () => blow(own)),
      moment: moment(own),
      both: own.chance(0.25),
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

function blow(random: Random): Blow {
  const afterMs = random.between(0, 500)
  const kind = random.next()
  const direction = random.pick(['requests', 'replies'] as const)
  if (kind < 0.3) return { afterMs, what: { kind: 'reset' } }
  if (kind < 0.7) return { afterMs, what: { kind: 'cut', bytes: random.between(1, 20_000), direction } }
  if (kind < 0.9) {
    const directions = random.chance(0.5) ? [direction] : (['requests', 'replies'] as const)
    return { afterMs, what: { kind: 'stall', ms: random.between(20, 800), directions } }
  }
  return { afterMs, what: { kind: 'refuse', ms: random.between(20, 400) } }
}
