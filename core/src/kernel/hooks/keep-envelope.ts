import { NatterErrors } from '../../errors.js'

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
export function keepEnvelope(hook: string, before: unknown, after: unknown, plugin: string): void {
  const old = before as Readonly<Record<string, unknown>>
  const changed = after as Readonly<Record<string, unknown>>
  for (const field of kept) {
    if (old[field] === changed[field]) continue
    throw NatterErrors.HOOK_FAILED({
      message: `${hook}: ${plugin} changed "${field}"; the message was refused.\n  Return { ...draft, … } and change only the body.`,
    })
  }
}
