import type { Evidence } from './evidence.js'
import { violation } from './violation.js'
import type { Violation } from './violation.js'

/** I5: nobody receives anything of a conversation that they are not in. */
export function onlyMembers({ history, fetches }: Evidence): Violation[] {
  const found = history.leaks.map(({ user, frame }) => violation('I5', `${user} received ${frame}`))
  for (const { user, conversations } of fetches) {
    for (const id of conversations.keys()) {
      if (!history.members(id)?.has(user)) found.push(violation('I5', `${user} can fetch ${id}`))
    }
  }
  return found
}
