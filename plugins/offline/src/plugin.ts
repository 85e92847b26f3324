import {
  Clock,
  Connections,
  connectionWelcome,
  Conversations,
  conversationEntry,
  conversationMembers,
  definePlugin,
  entryErasing,
  messageKnown,
  messageRewriting,
  messageStore,
  rawJson,
  userAudience,
  userData,
  userErased,
  userShow,
} from '@natter/core'
import { Storage } from '@natter/core/contract'
import * as contract from './contract.js'
import { ForeignChanges } from './foreign-changes.js'
import { MembershipCache } from './membership-cache.js'
import { Marks } from './marks.js'
import type { Standing } from './marks.js'
import { Mentions } from './mentions.js'
import { setFor } from './own-settings.js'
import { dataOf, erasureOf } from './person.js'
import { readByWhom } from './read-by.js'
import { pageText, syncText } from './resume.js'
import { settingsSince } from './settings-sync.js'
import { Shelf } from './shelf.js'
import { stateText } from './state-text.js'

const opening = (direct: readonly string[]) => ({ open: { kind: 'direct', members: [...new Set(direct)] } })

/** An answer of the store that came within it was in time for who waits, ms. */
const promptMs = 1_000
/** How many people a change of one person's profile concerns at most. */
const audience = 500

/**
 * Keeps messages: an ack means committed. Gives history, marks, unread counts and resume.
 *
 * @example
 * createChat({ plugins: [storageSql({ url: 'sqlite:data/chat.db' }), auth(), offline()] })
 */
export const offline = definePlugin({
  name: 'offline',
  version: '1.0.0',
  contract,
  models: [contract.settingModel, contract.bookModel, contract.mentionModel],
  needs: { storage: Storage, clock: Clock, connections: Connections, conversations: Conversations },
  setup(api, { storage, clock, connections, conversations }) {
    const members = new MembershipCache(storage)
    const settings = api.records(contract.settingModel)
    const books = api.records(contract.bookModel)
    const mentionRows = api.records(contract.mentionModel)
    const shelf = new Shelf(settings, books)
    const toOwn = (user: string, conversation: string, standing: Standing) =>
      void api.publish(contract.marked, { user }, { conversation, user, ...standing })
    const mentions = new Mentions(mentionRows, members)
    const show = api.runner(userShow)
    const marks = new Marks({
      storage,
      shelf,
      members,
      show,
      toOwn,
      toOthers: (users, moved) => void api.publish(contract.marked, { users }, moved),
    })
    const rewriting = api.runner(messageRewriting)
    const erasing = api.runner(entryErasing)
    const person = { storage, conversations, rewriting, erasing, shelf, settings, books, mentions: mentionRows }
    let incarnation = ''
    let foreign: ForeignChanges | undefined

    api.hook(conversationMembers, (conversation, ctx) =>
      ctx ? members.with(ctx.missing, conversation) : members.get(conversation),
    )

    api.hook(messageStore, async (entry) => {
      const began = clock.monotonic()
      const { conversation, from, clientId, at, body, digest, counts, direct, judgedAt, open, members: change } = entry
      // Written out, because every message comes by here: to copy an object by its rest costs as much as the store in memory.
      // What was judged at a version exists: only what nobody knows yet may have to be opened.
      const stored = await storage.log.append(
        judgedAt === undefined
          ? { conversation, from, clientId, at, body, digest, counts, ...(open ? { open } : direct && opening(direct)) }
          : { conversation, from, clientId, at, body, digest, counts, judgedAt, ...(change && { members: change }) },
      )
      if (stored.status === 'stale' || (stored.status === 'absent' && judgedAt !== undefined)) {
        members.forget(conversation)
        return { status: 'stale' as const }
      }
      // In the turn in which it is known, so that nobody is judged by the members before.
      if (change && judgedAt !== undefined)
        members.changed(conversation, change, stored.status === 'appended' ? judgedAt : undefined)
      if (counts && !direct && 'seq' in stored && body.includes('"mentions"')) {
        await mentions.note(conversation, stored.seq, body)
      }
      // Whoever waited too long for it was refused and tells nobody; then the log's changes do.
      if (stored.status === 'appended' && clock.monotonic() - began < promptMs) foreign?.own(conversation, stored.seq)
      return stored
    })

    api.hook(messageRewriting, async ({ conversation, seq, before, after }) => {
      await mentions.follow(conversation, seq, before, after)
      return []
    })

    api.hook(messageKnown, async ({ conversation, from, clientId }) => {
      return (await storage.log.find(conversation, from, clientId)) ?? null
    })

    api.hook(conversationEntry, async ({ user, conversation, seq }) => {
      const state = await storage.log.state(user, conversation)
      if (!state || state.me.left || seq <= state.me.floor || seq > state.seq) return null
      const [entry] = await storage.log.range(conversation, { from: seq, to: seq, limit: 1, bytes: 1 })
      return entry ?? null
    })

    api.hook(userData, ({ user }) => dataOf(person, user))
    api.hook(userErased, (erasure) => erasureOf(person, erasure))

    api.hook(connectionWelcome, () => [['incarnation', incarnation] as const])

    api.hook(userAudience, async ({ user }) => {
      const states = await storage.log.states(user, { after: 0, limit: audience })
      return [...new Set(states.flatMap((state) => state.members.map((member) => member.user)))]
    })

    api.command(contract.sync, async (input, { user }) =>
      rawJson(await syncText({ log: storage.log, shelf, mentions }, incarnation, user.id, input)),
    )
    api.command(contract.page, async (input, { user }) => rawJson(await pageText(storage.log, user.id, input)))
    api.command(contract.state, async ({ conversation }, { user }) => {
      const state = await marks.state(user.id, conversation)
      return rawJson(stateText(state, (await mentions.of(user.id, [state])).get(conversation)))
    })
    api.command(contract.mark, ({ conversation, ...wanted }, { user }) => marks.raise(user.id, conversation, wanted))

    api.command(contract.readBy, (input, { user }) => readByWhom({ log: storage.log, members, show }, user.id, input))

    const told = (user: string, setting: contract.ConversationSetting) =>
      void api.publish(contract.changed, { user }, { version: setting.version, setting })
    api.command(contract.set, (input, { user }) => setFor({ shelf, marks, told, toOwn }, user.id, input))
    api.command(contract.settings, ({ cursor }, { user }) =>
      settingsSince({ log: storage.log, shelf }, incarnation, user.id, cursor),
    )
    api.command(contract.privacy, async ({ privateRead }, { user }) => {
      const version = await shelf.setPrivate(user.id, privateRead)
      // Also where nothing moved: the first try may have been committed and never told.
      if (version > 0) api.publish(contract.changed, { user: user.id }, { version, privateRead })
      return { version, privateRead }
    })

    return {
      async start() {
        const began = await storage.log.begin()
        incarnation = began.incarnation
        foreign = new ForeignChanges({ log: storage.log, clock, connections, members, logger: api.log }, began.mark)
        foreign.start()
      },
      stop: () => foreign?.stop(),
    }
  },
})
