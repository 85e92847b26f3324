import { allRows, allStates } from '@natter/core'
import type { Clock, DataPart, Erasure, ErasureStep, Naming } from '@natter/core'
import type { Records, RowFor, Storage } from '@natter/core/contract'
import type { edition, pending, pinRow, removal } from './contract.js'
import type { Unsettled } from './unsettled.js'

interface PersonParts {
  readonly storage: Pick<Storage, 'log'>
  readonly editions: Records<typeof edition>
  readonly removals: Records<typeof removal>
  readonly pins: Records<typeof pinRow>
  readonly rows: Records<typeof pending>
  readonly unsettled: Unsettled
  readonly clock: Clock
}

const atOnce = 200

/**
 * What a person deleted for themselves alone, and what they wrote before they edited it. What they did to messages is in these,
 * and in the log.
 */
export function dataOf({ storage, editions, removals }: PersonParts, user: string): readonly DataPart[] {
  const { log } = storage
  async function* removed() {
    for await (const { conversation, seqs } of allRows(removals, { user })) yield { conversation, seqs }
  }
  async function* edited() {
    for await (const { conversation } of allStates(log, user)) yield* editedIn(conversation)
  }
  async function* editedIn(conversation: string) {
    for await (const { seq, until, text } of allRows(editions, { conversation })) {
      const [entry] = await log.range(conversation, { from: seq, to: seq, limit: 1, bytes: 1 })
      if (entry?.from === user) yield { conversation, seq, until, text }
    }
  }
  return [
    { name: 'actions.removals', items: removed() },
    { name: 'actions.edited', items: edited() },
  ]
}

/**
 * Words that somebody else passed on are theirs to keep, without who wrote them; a message that was deleted stays so, without
 * who deleted it.
 */
export function withoutPerson(naming: Naming): Naming | undefined {
  const { user, body } = naming
  const name = { forward: 'author', deleted: 'by' }[String(body['type'])]
  if (name === undefined || body[name] !== user) return undefined
  const { [name]: _, ...rest } = body
  return { ...naming, body: rest }
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
