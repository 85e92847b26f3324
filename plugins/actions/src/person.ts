import type { Clock, DataPart, Erasure, ErasureStep } from '@natter/core'
import type { Records, RowFor } from '@natter/core/contract'
import type { pending, pinRow, removal } from './contract.js'
import type { Unsettled } from './unsettled.js'

interface PersonParts {
  readonly removals: Records<typeof removal>
  readonly pins: Records<typeof pinRow>
  readonly rows: Records<typeof pending>
  readonly unsettled: Unsettled
  readonly clock: Clock
}

const atOnce = 200

/** What a person deleted for themselves alone. What they did to messages is in these, and in the log. */
export function dataOf({ removals }: PersonParts, user: string): readonly DataPart[] {
  async function* removed() {
    let after: string | undefined
    do {
      const page = await removals.page({ user }, { limit: atOnce, ...(after === undefined ? {} : { after }) })
      for (const { conversation, seqs } of page.rows) yield { conversation, seqs }
      after = page.next
    } while (after !== undefined)
  }
  return [{ name: 'actions.removals', items: removed() }]
}

/**
 * What they were about to do is done or dropped before their entries are gone through; then nobody pinned what they pinned, and
 * what they set for themselves goes. Their reactions and votes, and what they wrote, go with the entries.
 */
export function erasureOf(
  { removals, pins, rows, unsettled, clock }: PersonParts,
  { user, as }: Erasure,
): readonly ErasureStep[] {
  const theirs = (row: RowFor<typeof pending>) =>
    row.sender === user || (row.change as { readonly by?: string }).by === user
  return [
    {
      name: 'actions.pending',
      phase: 'leave',
      async run(place) {
        const page = await rows.page(
          { at: { lte: clock.now() } },
          { limit: atOnce, ...(place === undefined ? {} : { after: place }) },
        )
        for (const row of page.rows.filter(theirs)) {
          await unsettled.settled(row.conversation, row.target)
          // Nobody acts as them any more: what is not in the log now never is.
          await unsettled.drop(row)
        }
        return page.next
      },
    },
    {
      name: 'actions.own',
      phase: 'erase',
      async run() {
        await removals.remove({ user })
        const { rows: pinned } = await pins.page({ user }, { limit: atOnce })
        for (const { conversation, seq } of pinned) {
          await pins.updateIf({ conversation, seq, user }, { user: as(conversation) })
        }
        return pinned.length === atOnce ? 'pins' : undefined
      },
    },
  ]
}
