import { createHash } from 'node:crypto'
import type { Random } from '../random.js'

/** When the server is killed in one of its lives. */
export type Moment =
  /** So long after it is ready. */
  | { readonly at: 'any time'; readonly ms: number }
  /** The moment the given ack arrives. */
  | { readonly at: 'ack'; readonly count: number }
  /** So long after the given send left, while its batch is under way. */
  | { readonly at: 'send'; readonly count: number; readonly ms: number }
  /** While devices resume: at the given request for what they missed. */
  | { readonly at: 'resume'; readonly count: number }
  /** So long after its boot began. */
  | { readonly at: 'boot'; readonly ms: number }

/** What happens to one device while a server lives. */
export interface Disturbance {
  readonly afterMs: number
  readonly what:
    | { readonly kind: 'cut' }
    | { readonly kind: 'cut at'; readonly frames: number; readonly swallow: boolean }
    | { readonly kind: 'stall'; readonly ms: number }
    | { readonly kind: 'crash' }
    | { readonly kind: 'twin'; readonly ms: number }
    | { readonly kind: 'freeze server'; readonly ms: number }
  /** Which device, counted over all. */
  readonly device: number
}

export interface Life {
  readonly moment: Moment
  readonly disturbances: readonly Disturbance[]
}

/** What is done to the servers and devices of a run. The same seed and number of kills give the same plan. */
export function makePlan(random: Random, kills: number): readonly Life[] {
  return Array.from({ length: kills }, (_, life) => {
    const own = random.fork(`life ${life}`)
    return { moment: moment(own), disturbances: disturbances(own) }
  })
}

function moment(random: Random): Moment {
  const kind = random.next()
  if (kind < 0.2) return { at: 'any time', ms: random.between(5, 400) }
  if (kind < 0.5) return { at: 'ack', count: random.between(1, 120) }
  if (kind < 0.8) return { at: 'send', count: random.between(2, 120), ms: random.between(0, 3) }
  if (kind < 0.9) return { at: 'resume', count: random.between(1, 12) }
  return { at: 'boot', ms: random.between(0, 300) }
}

function disturbances(random: Random): Disturbance[] {
  return Array.from({ length: random.between(0, 4) }, () => ({
    afterMs: random.between(0, 250),
    device: random.between(0, 999),
    what: disturbance(random),
  }))
}

function disturbance(random: Random): Disturbance['what'] {
  const kind = random.next()
  if (kind < 0.2) return { kind: 'cut' }
  if (kind < 0.6) return { kind: 'cut at', frames: random.between(1, 25), swallow: random.chance(0.6) }
  if (kind < 0.7) return { kind: 'stall', ms: random.between(20, 200) }
  if (kind < 0.85) return { kind: 'crash' }
  if (kind < 0.95) return { kind: 'twin', ms: random.between(20, 200) }
  return { kind: 'freeze server', ms: random.between(10, 80) }
}

/** A short name of a plan, to compare two runs by. */
export const planName = (plan: readonly object[]): string =>
  createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 12)
