import { violation } from '../checks/violation.js'
import type { Violation } from '../checks/violation.js'
import { lackingOf } from '../databases/open-databases.js'
import { storeKind } from '../process/stores.js'
import type { Section, SectionOptions } from '../run/section.js'
import { whyNot } from '../run/why-not.js'
import { cutPower } from './cutter.js'

/**
 * I1 over power loss: the default durability loses nothing that was acknowledged. The weakened one must lose, or else
 * these cuts would not notice a store that does not sync.
 */
export async function powerSection(options: SectionOptions & { readonly cuts: number }): Promise<Section> {
  const { store, seed, cuts, progress } = options
  const name = 'power cuts'
  const notRun = (why: string): Section => ({ name, figures: {}, violations: [], notRun: `needs ${why}` })
  const unfit = whyNot(name, store)
  if (unfit !== undefined) return notRun(unfit)
  const lacking = lackingOf(storeKind(store).databases)
  if (lacking !== undefined) return notRun(lacking)
  const result = await cutPower({ store, seed, cuts }, progress)
  if ('lacking' in result) return notRun(result.lacking)
  const { full, weak } = result
  const lost: Violation[] = Array.from({ length: full.lost }, (_, n) =>
    violation('I1', `${n + 1} of ${full.acked} acknowledged messages were gone after ${full.cuts} power cuts`, 'lost'),
  )
  const wrong = [...full.wrong, ...weak.wrong].map((what) => violation('I3', what))
  const blunt = weak.lost > 0 ? [] : [violation('the harness', 'the weakened durability lost nothing in a power cut')]
  return {
    name,
    figures: {
      cuts: full.cuts,
      acked: full.acked,
      lost: full.lost,
      weak_cuts: weak.cuts,
      weak_acked: weak.acked,
      weak_lost: weak.lost,
      weak_cuts_that_lost: weak.losing,
    },
    violations: [...lost, ...wrong, ...blunt],
  }
}
