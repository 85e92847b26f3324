import { allStates, eraseEntries, NatterErrors } from '@natter/core'
import type {
  Conversations,
  DataPart,
  entryErasing,
  Erasure,
  ErasureStep,
  messageRewriting,
  Runner,
} from '@natter/core'
import { NatterError } from '@natter/core/contract'
import type { ConversationState, LogEntry, Records, Storage } from '@natter/core/contract'
import type { bookModel, mentionModel, settingModel } from './settings-contract.js'
import { settingOf } from './setting-row.js'
import type { Shelf } from './shelf.js'

interface PersonParts {
  readonly storage: Pick<Storage, 'log'>
  readonly conversations: Conversations
  readonly rewriting: Runner<typeof messageRewriting>
  readonly erasing: Runner<typeof entryErasing>
  readonly shelf: Shelf
  readonly settings: Records<typeof settingModel>
  readonly books: Records<typeof bookModel>
  readonly mentions: Records<typeof mentionModel>
}

const page = { limit: 200, bytes: 262_144 }
const settingsAtOnce = 100

/**
 * What a person may read, with what they wrote where they are no longer, and what they have set. What others have set, and how
 * far others have read, is not theirs.
 */
export function dataOf({ storage, shelf }: PersonParts, user: string): readonly DataPart[] {
  const { log } = storage
  const states = () => allStates(log, user)
  async function* conversations() {
    for await (const { conversation, kind, me, members } of states()) {
      const { left, read, received } = me
      const others = members.flatMap((member) => (member.user === user ? [] : [member.user]))
      yield { conversation, kind, read, received, ...(left && { left }), ...(others.length > 0 && { with: others }) }
    }
  }
  async function* messages() {
    for await (const state of states()) yield* entriesOf(state)
  }
  async function* entriesOf({ conversation, me, seq: head }: ConversationState) {
    for (let from = me.left ? 1 : me.floor + 1; from <= head;) {
      const entries = await log.range(conversation, { ...page, from, to: head })
      if (entries.length === 0) return
      for (const entry of entries) if (!me.left || entry.from === user) yield messageOf(entry)
      from = entries.at(-1)!.seq + 1
    }
  }
  async function* settings() {
    const book = await shelf.book(user)
    if (book) yield { privateRead: book.privateRead }
    for (let after = 0; ;) {
      const { rows, more } = await shelf.since(book, after, settingsAtOnce)
      for (const row of rows) yield settingOf(row)
      if (!more) return
      after = rows.at(-1)!.version
    }
  }
  return [
    { name: 'offline.conversations', items: conversations() },
    { name: 'offline.messages', items: messages() },
    { name: 'offline.settings', items: settings() },
  ]
}

function messageOf({ conversation, seq, from, at, clientId, body }: LogEntry): object {
  return { conversation, seq, from, at, clientId, body: body === '' ? null : (JSON.parse(body) as unknown) }
}

/**
 * Conversation by conversation: they go out of it, so that nothing of theirs comes in behind, nobody stands for them where two
 * talked, and what they wrote and what names them is gone through. What they have set goes at the end.
 */
export function erasureOf(parts: PersonParts, { user, as }: Erasure): readonly ErasureStep[] {
  const { storage, conversations, settings, books, mentions } = parts
  const { log } = storage

  /** Begins with the next conversation. The place names it, because once they are forgotten there it is found by nobody. */
  const next = async () => {
    const [state] = await log.states(user, { after: 0, limit: 1 })
    if (!state) return undefined
    if (!state.me.left) await goOut(state)
    return `0 ${state.conversation}`
  }
  const goOut = async ({ conversation, kind, members, version }: ConversationState) => {
    const alone = kind !== 'direct' || members.every((member) => member.user === user)
    const change = { leave: [user], ...(!alone && { join: [{ user: as(conversation) }] }) }
    const body = { type: 'erased', seqs: [] }
    try {
      const cause = `erased ${as(conversation)} ${version}`
      await conversations.append(conversation, { body, cause, members: change, judgedAt: version })
    } catch (error) {
      // Somebody came or went at that moment, or it was done by another node: the next look tells.
      if (!NatterError.is(error) || error.code !== NatterErrors.STALE.code) throw error
    }
  }
  const goOn = async (place: string) => {
    const [seq, conversation] = place.split(' ') as [string, string]
    const state = await log.state(user, conversation)
    if (state && !state.me.left) return ''
    await log.forget(conversation, user)
    const after = Number(seq)
    const done = await eraseEntries(
      { log, ...parts },
      { conversation, user, as: as(conversation), after, say: after === 0 },
    )
    return done === undefined ? '' : `${done} ${conversation}`
  }
  return [
    {
      name: 'offline.entries',
      phase: 'erase',
      run: (place) => (place ? goOn(place) : next()),
    },
    {
      name: 'offline.own',
      phase: 'erase',
      async run() {
        await Promise.all([settings.remove({ user }), mentions.remove({ who: user }), books.take({ user })])
        return undefined
      },
    },
  ]
}
