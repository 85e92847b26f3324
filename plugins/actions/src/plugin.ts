import {
  andThen,
  Clock,
  commandAllow,
  Conversations,
  conversationEntry,
  definePlugin,
  entryErasing,
  entryHidden,
  messageAllow,
  messageChange,
  messageRewriting,
  messageStore,
  messageStored,
  NatterErrors,
  Secrets,
  userData,
  userErased,
} from '@natter/core'
import { deny, Storage } from '@natter/core/contract'
import { GroupRights } from '@natter/groups/contract'
import { Acts } from './acts.js'
import type { Judgement } from './acts.js'
import { Answers } from './answers.js'
import { ballotsBy } from './ballots.js'
import { actionsConfig } from './config.js'
import { Expiry } from './expiring/expiry.js'
import { Timers } from './expiring/timers.js'
import * as contract from './contract.js'
import { Forwards } from './forwards.js'
import * as judge from './judgements.js'
import { ballotOf, hasReaction, isClosed, isDeleted } from './later.js'
import { dataOf, erasureOf, withoutPerson } from './person.js'
import { Reading } from './reading.js'
import { Removals } from './removals.js'
import { Schedule } from './scheduled/schedule.js'
import { Sender } from './scheduled/sender.js'
import { Sweep } from './sweep.js'
import { Traces } from './traces.js'
import { Unsettled } from './unsettled.js'

/** What the server alone says: what was done, what is left of a message, whose words were passed on, what disappears. */
const ours: readonly string[] = ['act', 'deleted', 'forward', 'timer']

/**
 * What one does to messages: edit, delete, react, reply, thread, poll, forward, pin. Whatever is done for all is an entry of the
 * conversation's log, and the message shows it from then on.
 *
 * @example
 * createChat({ plugins: [storageSql(), auth(), offline(), actions({ editMs: 900_000 })] })
 */
export const actions = definePlugin({
  name: 'actions',
  version: '1.0.0',
  contract,
  needs: { storage: Storage, conversations: Conversations, clock: Clock, secrets: Secrets },
  wants: { rights: GroupRights },
  models: [
    contract.pending,
    contract.edition,
    contract.pinRow,
    contract.answer,
    contract.removal,
    contract.scheduledRow,
    contract.timerRow,
    contract.expiringRow,
  ],
  config: actionsConfig,
  setup(api, { storage, conversations, clock, secrets, rights }, config) {
    const rows = api.records(contract.pending)
    const pins = api.records(contract.pinRow)
    const answers = api.records(contract.answer)
    const editions = api.records(contract.edition)
    const traces = new Traces({ editions, pins, answers, kept: config.history === 'kept' })
    const unsettled = new Unsettled({ rows, storage, rewriting: api.runner(messageRewriting), traces })
    const reading = new Reading({ storage, unsettled })
    const acts = new Acts({ conversations, reading, unsettled, clock, logger: api.log })
    const law: judge.Law = { conversations, rights, clock, pins, bounds: config }
    const replies = new Answers({ rows: answers, reading, unsettled, clock })
    const forwards = new Forwards({ conversations, reading, bounds: config })
    const removalRows = api.records(contract.removal)
    const removals = new Removals({ rows: removalRows, reading, most: config.removed })
    const scheduledRows = api.records(contract.scheduledRow)
    const timerRows = api.records(contract.timerRow)
    const timers = new Timers({ rows: timerRows, conversations, reading, rights, clock })
    const expiringRows = api.records(contract.expiringRow)
    const expiry = new Expiry({ rows: expiringRows, storage, timers, acts, unsettled, clock, log: api.log })
    const person = {
      ...{ storage, editions, removals: removalRows, pins, rows, scheduled: scheduledRows, unsettled, clock },
      ...{ timers: timerRows, expiring: expiringRows },
    }
    const asOf = ballotsBy(() => secrets.all('actions.ballots').map(({ key }) => key))
    const sweep = new Sweep({ rows, storage, unsettled, clock, log: api.log })
    const sender = new Sender({
      rows: scheduledRows,
      conversations,
      clock,
      log: api.log,
      tell: ({ user, clientId, conversation }, outcome) =>
        api.publish(contract.scheduledChanged, { user }, { id: clientId, conversation, ...outcome }),
    })
    const expect = (at: number) => sender.expect(at)
    const schedule = new Schedule({ rows: scheduledRows, storage, conversations, clock, bounds: config, expect })

    api.hook(messageAllow, ({ type }) => (ours.includes(type) ? deny(NatterErrors.FORBIDDEN) : undefined))
    api.hook(messageAllow.of(contract.replyBody), (draft) => replies.mayReply(draft))
    api.hook(messageChange, (draft, { user, version, now }) => {
      // What nobody has written to yet has no timer.
      if (!user || version === undefined) return undefined
      return andThen(timers.at(draft.conversation, version), (afterMs) =>
        afterMs > 0 ? { ...draft, expires: now + afterMs } : undefined,
      )
    })
    api.hook(messageStore, (request) => expiry.note(request), { before: ['offline'] })
    api.hook(messageStored.of(contract.replyBody), (message) => replies.stored(message))
    // Whose content was removed by others, an erasure for one, is pinned no more, and nothing is kept of what it said.
    api.hook(messageRewriting, async ({ conversation, seq, after }) => {
      if (after === undefined) await traces.erase(conversation, seq)
      return []
    })
    // Who reads one entry for somebody is to have it as it stands, or not at all.
    api.hook(conversationEntry, ({ conversation, seq }) => unsettled.settled(conversation, seq).then(() => undefined), {
      before: ['offline'],
    })
    api.hook(userData, ({ user }) => dataOf(person, user))
    api.hook(userErased, (erasure) => erasureOf(person, erasure))
    api.hook(entryErasing, withoutPerson)
    api.hook(entryHidden, ({ user, conversation }) => removals.hidden(user, conversation))
    // Whoever reads makes up for who died. Where that fails, what is read is older than it could be, and no more.
    const upToLog = (conversation: string) =>
      unsettled.settle(conversation).catch((err: unknown) => {
        api.log.warn({ err, conversation }, 'messages could not be brought up to their log before they were read')
      })
    api.hook(commandAllow, ({ name, input }) =>
      name === 'offline.page'
        ? upToLog((input as { readonly conversation: string }).conversation).then(() => undefined)
        : undefined,
    )

    const on = async ({ conversation, seq }: { conversation: string; seq: number }, me: string, judgement: Judgement) =>
      acts.act(me, conversation, seq, judgement)

    api.command(contract.edit, async ({ text, mentions, ...target }, { user }) => {
      const seen = await on(target, user.id, judge.edit(law, text, mentions))
      // Somebody deleted it in the same moment, before.
      if (seen && isDeleted(seen.body)) throw contract.ActionsErrors.DELETED()
      return {}
    })
    api.command(contract.deleteForAll, async (target, { user }) => {
      await on(target, user.id, judge.deleteForAll(law))
      return {}
    })
    api.command(contract.react, async ({ emoji, ...target }, { user }) => {
      const seen = await on(target, user.id, judge.react(law, emoji))
      if (seen && isDeleted(seen.body)) throw contract.ActionsErrors.DELETED()
      // Others took the last places in the same moment, before.
      if (seen && !hasReaction(seen.body, user.id, emoji)) throw contract.ActionsErrors.TOO_MANY()
      return {}
    })
    api.command(contract.unreact, async ({ emoji, ...target }, { user }) => {
      await on(target, user.id, judge.unreact(emoji))
      return {}
    })
    api.command(contract.pin, async (target, { user }) => {
      await on(target, user.id, judge.pin(law))
      return {}
    })
    api.command(contract.unpin, async (target, { user }) => {
      await on(target, user.id, judge.unpin(law))
      return {}
    })
    api.command(contract.vote, async ({ choices, ...target }, { user }) => {
      const seen = await on(target, user.id, judge.vote(law, asOf, choices))
      if (!seen) return { as: asOf(await reading.message(user.id, target.conversation, target.seq)) }
      if (isDeleted(seen.body)) throw contract.ActionsErrors.DELETED()
      const as = asOf(seen)
      // It was closed, or others took the last places, in the same moment, before.
      const counted = ballotOf(seen.body, as) ?? []
      if (counted.length === new Set(choices).size && counted.every((each) => choices.includes(each))) return { as }
      throw isClosed(seen.body, clock.now()) ? contract.ActionsErrors.CLOSED() : contract.ActionsErrors.TOO_MANY()
    })
    api.command(contract.ballot, async ({ conversation, seq }, { user }) => {
      const seen = await reading.message(user.id, conversation, seq)
      judge.mustBePoll(seen)
      return { as: asOf(seen) }
    })
    api.command(contract.closePoll, async (target, { user }) => {
      await on(target, user.id, judge.closePoll(law))
      return {}
    })
    api.command(contract.pins, async ({ conversation }, { user }) => {
      await reading.place(user.id, conversation)
      const found = (await pins.page({ conversation, live: 1 }, { limit: 1_000, dir: 'desc' })).rows
      const entries = await reading.entries(
        user.id,
        conversation,
        found.map(({ seq }) => seq),
      )
      const shown = found.flatMap(({ seq, user: by, at }) => {
        const entry = entries.find((each) => each.seq === seq)
        return entry ? [{ by, at, entry }] : []
      })
      return { pins: shown }
    })

    api.command(contract.remove, async ({ conversation, seqs }, { user }) => {
      await removals.add(user.id, conversation, seqs)
      // Also where nothing moved: the first try may have been stored and never told.
      api.publish(contract.removed, { user: user.id }, { conversation, seqs })
      return {}
    })
    api.command(contract.removals, async ({ conversation }, { user }) => ({
      seqs: [...(await removals.of(user.id, conversation))],
    }))

    api.command(contract.forward, async ({ to, key, named, ...from }, { user }) => ({
      sent: [...(await forwards.forward(user.id, from, to, { key, named }))],
    }))
    api.command(contract.entries, async ({ conversation, seqs }, { user }) => ({
      entries: [...(await reading.entries(user.id, conversation, seqs))],
    }))
    api.command(contract.thread, async ({ conversation, seq, before, limit }, { user }) => {
      const { entries, more } = await replies.page(user.id, conversation, seq, { before, limit })
      return { entries: [...entries], more }
    })
    api.command(contract.editions, async ({ conversation, seq }, { user }) => {
      const { body } = await reading.message(user.id, conversation, seq)
      if (isDeleted(body) || config.history === 'none') return { editions: [] }
      const found = (await editions.page({ conversation, seq }, { limit: 1_000 })).rows
      return { editions: found.map(({ text, until }) => ({ text, until })) }
    })

    const changed = (me: string, id: string, conversation: string, what: 'waiting' | 'cancelled') =>
      api.publish(contract.scheduledChanged, { user: me }, { id, conversation, what })
    api.command(contract.schedule, async ({ to, body, at, id }, { user }) => {
      const conversation = await schedule.add(user.id, to, body, { at, id })
      changed(user.id, id, conversation, 'waiting')
      return { conversation }
    })
    api.command(contract.scheduled, async (_input, { user }) => ({ scheduled: [...(await schedule.of(user.id))] }))
    api.command(contract.reschedule, async ({ id, at, body }, { user }) => {
      changed(user.id, id, await schedule.change(user.id, id, { at, body }), 'waiting')
      return {}
    })
    api.command(contract.unschedule, async ({ conversation, id }, { user }) => {
      await schedule.cancel(user.id, conversation, id)
      changed(user.id, id, conversation, 'cancelled')
      return {}
    })

    api.command(contract.setTimer, async ({ conversation, afterMs }, { user }) => {
      await timers.set(user.id, conversation, afterMs)
      return {}
    })
    api.command(contract.timer, async ({ conversation }, { user }) => ({
      afterMs: await timers.of(user.id, conversation),
    }))

    return {
      async start() {
        await sweep.start()
        sender.start()
        expiry.start()
      },
      async stop() {
        await Promise.all([sweep.stop(), sender.stop(), expiry.stop()])
      },
    }
  },
})
