import { NatterErrors } from '../../errors.js'
import type { Site } from './site.js'

/** What a message hook reads: the kind of body chooses the handlers. */
export interface BodyValue {
  readonly type: string
}
const kept = ['type', 'conversation', 'from', 'clientId'] as const

/**
 * A transform may change what a message says, not whose it is, where it goes or which kind it is: the vetoes judged that.
 *
 * @throws NATTER_HOOK_FAILED
 */
export function keepEnvelope(site: Site, before: unknown, after: unknown, plugin: string): void {
  const old = before as Readonly<Record<string, unknown>>
  const changed = after as Readonly<Record<string, unknown>>
  for (const field of kept) {
    if (old[field] === changed[field]) continue
    throw NatterErrors.HOOK_FAILED({
      message: `${site.hook}: ${plugin} changed "${field}"; ${site.consequence}.\n  Return { ...draft, … } and change only the body.`,
    })
  }
}
