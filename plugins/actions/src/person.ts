import { allRows, allStates, NatterErrors } from '@natter/core'
import type { Clock, DataPart, Erasure, ErasureStep, Naming } from '@natter/core'
import type { Records, RowFor, Storage } from '@natter/core/contract'
import type { edition, expiringRow, pending, pinRow, removal, scheduledRow, timerRow } from './contract.js'
import { itemOf } from './scheduled/schedule.js'
import type { Unsettled } from './unsettled.js'

interface PersonParts {
  readonly storage: Pick<Storage, 'log'>
  readonly editions: Records<typeof edition>
  readonly removals: Records<typeof removal>
  readonly pins: Records<typeof pinRow>
  readonly rows: Records<typeof pending>
  readonly scheduled: Records<typeof scheduledRow>
  readonly timers: Records<typeof timerRow>
  readonly expiring: Records<typeof expiringRow>
  readonly unsettled: Unsettled
  readonly clock: Clock
}

const atOnce = 200

/**
 * What a person deleted for themselves alone, what they wrote before they edited it, and what is yet to be sent. What they did to messages is in these,
 * and in the log.
 */
export function dataOf({ storage, editions, removals, scheduled }: PersonParts, user: string): readonly DataPart[] {
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
  async function* waiting() {
    for await (const row of allRows(scheduled, { user })) yield itemOf(row)
  }
  return [
    { name: 'actions.scheduled', items: waiting() },
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
  { removals, pins, rows, scheduled, timers, expiring, unsettled, clock }: PersonParts,
  { user, as }: Erasure,
): readonly ErasureStep[] {
  const theirs = (row: RowFor<typeof pending>) =>
    row.sender === user || (row.change as { readonly by?: string }).by === user
  return [
    {
      name: 'actions.scheduled',
      phase: 'close',
      async run() {
        await scheduled.remove({ user })
        return undefined
      },
    },
    {
      name: 'actions.addressed',
      phase: 'erase',
      async run(place) {
        const all = { limit: atOnce, ...(place === undefined ? {} : { after: place }) }
        const page = await scheduled.page({ at: { gte: 0 } }, all)
        for (const row of page.rows) await withoutAddressee(scheduled, row, user)
        return page.next
      },
    },
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
        // What they wrote has no words any more.
        await expiring.remove({ sender: user })
        const { rows: setting } = await timers.page({ setter: user }, { limit: atOnce })
        for (const { conversation } of setting) {
          await timers.updateIf({ conversation, setter: user }, { setter: as(conversation) })
        }
        const { rows: pinned } = await pins.page({ user }, { limit: atOnce })
        for (const { conversation, seq } of pinned) {
          await pins.updateIf({ conversation, seq, user }, { user: as(conversation) })
        }
        return pinned.length === atOnce ? 'pins' : undefined
      },
    },
  ]
}

/** What others want to say to them will not be sent; in what goes elsewhere they are not mentioned any more. */
async function withoutAddressee(
  scheduled: Records<typeof scheduledRow>,
  row: RowFor<typeof scheduledRow>,
  user: string,
): Promise<void> {
  const { user: from, clientId, version, peer } = row
  const body = row.body as { readonly mentions?: unknown }
  const mentions = Array.isArray(body.mentions) && body.mentions.includes(user) ? body.mentions : undefined
  if (peer !== user && !mentions) return
  const left = mentions ? { body: { ...body, mentions: mentions.filter((each) => each !== user) } } : {}
  const gone = peer === user && {
    peer: undefined,
    state: 'refused',
    refused: NatterErrors.NOT_FOUND.code,
    wakeAt: undefined,
  }
  if (await scheduled.updateIf({ user: from, clientId, version }, { ...left, ...gone }, { version: 1 })) return
  // Changed or sent in the same moment: as it is now.
  const now = await scheduled.get({ user: from, clientId })
  if (now) await withoutAddressee(scheduled, now, user)
}
