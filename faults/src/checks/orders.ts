import { stored } from './evidence.js'
import type { Evidence } from './evidence.js'
import { violation } from './violation.js'
import type { Violation } from './violation.js'

/** Who writes to buyers, within the transactions of the host. */
export const seller = 'shop'

/** What the host stored in one transaction is there together, or not at all: an order, and the message about it. */
export function ordersHaveMessages(evidence: Evidence): Violation[] {
  if (!evidence.orders) return []
  const orders = new Set(evidence.orders)
  const messages = new Set<string>()
  for (const { entries } of stored(evidence).values()) {
    for (const { from, clientId } of entries) if (from === seller) messages.add(clientId)
  }
  return [
    ...[...orders]
      .filter((id) => !messages.has(id))
      .map((id) => violation('within', `${id} is stored, and its message is not`, 'lost')),
    ...[...messages]
      .filter((id) => !orders.has(id))
      .map((id) => violation('within', `the message of ${id} is stored, and ${id} was taken back`)),
  ]
}
