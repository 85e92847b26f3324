import { createHmac } from 'node:crypto'
import { ballotOf } from './later.js'
import type { Seen } from './reading.js'

/**
 * What stands for a person in a poll: their id, or in an anonymous one an HMAC of it, which nobody makes without the server's
 * key. A ballot that was cast under an older key stays theirs.
 */
export const ballotsBy =
  (keys: () => readonly Buffer[]) =>
  ({ me, state, entry, body }: Seen): string => {
    if (body['anonymous'] !== true) return me
    const made = keys().map((key) =>
      createHmac('sha256', key).update(`${state.conversation}/${entry.seq}\n${me}`).digest('base64url').slice(0, 22),
    )
    return made.find((each) => ballotOf(body, each) !== undefined) ?? made[0]!
  }
