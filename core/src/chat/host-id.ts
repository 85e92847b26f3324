import { NatterErrors } from '../errors.js'
import { isId } from '../protocol/id.js'

/** A host's id as text. @throws NATTER_INVALID outside the id set. */
export function hostId(id: string | number): string {
  const text = String(id)
  // What is left out must not become the user "undefined".
  const valid: boolean = isId(text) && (typeof id === 'string' || Number.isSafeInteger(id))
  if (valid) return text
  throw NatterErrors.INVALID({
    message: `The host's id ${typeof id === 'string' ? `"${text.slice(0, 80)}"` : text.slice(0, 80)} cannot be used: an id has 1 to 64 of A-Z a-z 0-9 _ . @ : -`,
  })
}
