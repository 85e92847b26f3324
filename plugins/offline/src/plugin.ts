import {
  Clock,
  Connections,
  connectionWelcome,
  conversationEntry,
  conversationMembers,
  definePlugin,
  messageKnown,
  messageStore,
  NatterErrors,
  rawJson,
  userAudience,
} from '@natter/core'
import { Storage } from '@natter/core/contract'
import * as contract from './contract.js'
import { ForeignChanges } from './foreign-changes.js'
import { MembershipCache } from './membership-cache.js'
import { pageText, readable, syncText } from './resume.js'
import { stateText } from './state-text.js'

const opening = (direct: readonly string[]) => ({ open: { kind: 'direct', members: [...new Set(direct)] } })

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
  needs: { storage: Storage, clock: Clock, connections: Connections },
  setup(api, { storage, clock, connections }) {
    const members = new MembershipCache(storage)
    let incarnation = ''
    let foreign: ForeignChanges | undefined

    api.hook(conversationMembers, (conversation, ctx) =>
      ctx ? members.with(ctx.missing, conversation) : members.get(conversation),
    )

    api.hook(messageStore, async (entry) => {
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
      if (stored.status === 'appended') foreign?.own(conversation, stored.seq)
      // In the turn in which it is known, so that nobody is judged by the members before.
      if (change && judgedAt !== undefined)
        members.changed(conversation, change, stored.status === 'appended' ? judgedAt : undefined)
      return stored
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

    api.hook(connectionWelcome, () => [['incarnation', incarnation] as const])

    api.hook(userAudience, async ({ user }) => {
      const states = await storage.log.states(user, { after: 0, limit: audience })
      return [...new Set(states.flatMap((state) => state.members.map((member) => member.user)))]
    })

    api.command(contract.sync, async (input, { user }) =>
      rawJson(await syncText(storage.log, incarnation, user.id, input)),
    )
    api.command(contract.page, async (input, { user }) => rawJson(await pageText(storage.log, user.id, input)))
    api.command(contract.state, async ({ conversation }, { user }) =>
      rawJson(stateText(await readable(storage.log, user.id, conversation))),
    )

    api.command(contract.mark, async ({ conversation, read, received }, { user }) => {
      const marked = await storage.log.mark(conversation, user.id, {
        ...(read === undefined ? {} : { read }),
        ...(received === undefined ? {} : { received }),
      })
      if (!marked || marked.member.left) throw NatterErrors.NOT_FOUND()
      const marks = { read: marked.member.read, received: marked.member.received }
      if (marked.moved) {
        const payload = { conversation, user: user.id, ...marks }
        api.publish(contract.marked, { user: user.id }, { ...payload, n: marked.n, unread: marked.unread })
        const place = await members.get(conversation)
        const others = place?.kind === 'direct' ? [...place.users].filter((other) => other !== user.id) : []
        if (others.length > 0) api.publish(contract.marked, { users: others }, payload)
      }
      return { ...marks, n: marked.n, unread: marked.unread }
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
