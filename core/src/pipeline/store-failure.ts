import { NatterError, StorageErrors } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { conversationEntry, conversationMembers, messageKnown, messageStore } from '../hooks.js'

const passing = new Set<string>(
  Object.values(StorageErrors)
    .filter(({ spec }) => spec.retryable === true)
    .map(({ code }) => code),
)

/** Who answers these has asked the store: late, they are a store that does not answer. */
const storeHooks = new Set([messageStore, messageKnown, conversationMembers, conversationEntry].map(({ name }) => name))

/**
 * What a store said where a hook met it, if who asked shall know: a full disk stays one, and may be tried again; what the
 * database refuses for its value is refused for good, in words that tell nothing of it. One that said nothing in time
 * did not answer.
 */
export function storeFailure(error: unknown): NatterError | undefined {
  if (!NatterError.is(error)) return undefined
  if (error.code === NatterErrors.HOOK_TIMEOUT.code) {
    const { hook } = error.details as { readonly hook: string }
    return storeHooks.has(hook) ? StorageErrors.UNAVAILABLE({ cause: error }) : undefined
  }
  if (error.code !== NatterErrors.HOOK_FAILED.code || !NatterError.is(error.cause)) return undefined
  // a hook may have asked another one
  const inner = storeFailure(error.cause)
  if (inner) return inner
  if (passing.has(error.cause.code)) return error.cause
  return error.cause.code === StorageErrors.INVALID.code ? StorageErrors.INVALID({ cause: error.cause }) : undefined
}
