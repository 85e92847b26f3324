import type { Violation } from '../checks/violation.js'
import type { Section, SectionOptions } from '../run/section.js'
import { accountsOverJumps } from './accounts.js'
import { talkOverJumps } from './talk.js'

/** I12: wall-clock jumps change neither order nor dedupe, and expire nothing early. */
export async function clockSection(options: SectionOptions): Promise<Section> {
  const talk = await talkOverJumps(options)
  const accounts = await accountsOverJumps(options)
  const violations: readonly Violation[] = [...talk.violations, ...accounts.violations]
  return { name: 'clock jumps', figures: { jumps: talk.jumps + accounts.jumps, ...talk.figures }, violations }
}
