import { ackedSurvives, allSent, shownSurvives } from './acked.js'
import type { Evidence } from './evidence.js'
import { marksMonotone, readYourWrites, unreadCounted } from './marks.js'
import { onlyMembers } from './members.js'
import { sameAck, storedOnce } from './once.js'
import { ordersHaveMessages } from './orders.js'
import { dense, orderHolds, sameForAll } from './order.js'
import { cursorsHold, screensExact, viewsExact } from './views.js'
import { violation } from './violation.js'
import type { Violation } from './violation.js'

/** Every promise, held against everything that was seen. */
export function checkAll(evidence: Evidence): readonly Violation[] {
  return [
    ...ackedSurvives(evidence),
    ...shownSurvives(evidence),
    ...allSent(evidence),
    ...storedOnce(evidence),
    ...sameAck(evidence),
    ...dense(evidence),
    ...sameForAll(evidence),
    ...ordersHaveMessages(evidence),
    ...orderHolds(evidence),
    ...viewsExact(evidence),
    ...screensExact(evidence),
    ...cursorsHold(evidence),
    ...onlyMembers(evidence),
    ...readYourWrites(evidence),
    ...marksMonotone(evidence),
    ...unreadCounted(evidence),
    ...evidence.history.oddities.map((what) => violation('protocol', what)),
  ]
}
