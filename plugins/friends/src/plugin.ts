import {
  andThen,
  Bus,
  Clock,
  definePlugin,
  messageAllow,
  userAudience,
  userData,
  userErased,
  Users,
} from '@natter/core'
import { Books, topics } from './books.js'
import { changesOf } from './changes-of.js'
import { friendsConfig } from './config.js'
import { ContactList } from './contact-list.js'
import * as contract from './contract.js'
import { Discovery } from './discovery.js'
import { Friendships } from './friendships.js'
import { OwnRelations } from './own-relations.js'
import { pairKey, Pairs } from './pairs.js'
import { dataOf, erasureOf } from './person.js'
import { Recall } from './recall.js'
import { refuseBy } from './refuse.js'
import { Settings } from './settings.js'
import { Sweep } from './sweep.js'

/** How many people a change of one person's profile concerns at most. */
const audience = 500
const subject = 'friends.changed'

/**
 * Friends: requests, a list with remarks and groups, blocks, and who may write, ask, call, see and find. Provides the service
 * `relations` and refuses by it.
 *
 * @example
 * createChat({ plugins: [storageSql(), auth(), offline(), friends({ privacy: { message: 'friends' } })] })
 */
export const friends = definePlugin({
  name: 'friends',
  version: '1.0.0',
  contract,
  needs: { users: Users, clock: Clock, bus: Bus },
  provides: [contract.Relations],
  models: [contract.pair, contract.card, contract.book, contract.setting, contract.mark],
  config: friendsConfig,
  setup(api, { users, clock, bus }, config) {
    const rows = api.records(contract.pair)
    const changed = api.runner(contract.relationChanged)
    const tell = (change: contract.RelationChange) => {
      changed(change, undefined)
      if (bus.remote) bus.publish(subject, change)
    }

    const cards = api.records(contract.card)
    const bookRows = api.records(contract.book)
    const settingRows = api.records(contract.setting)
    const recall = new Recall({ marks: api.records(contract.mark), clock, log: api.log })
    const books = new Books(bookRows, (user, version) => {
      api.publish(contract.changed, { user }, { version })
    })
    const settings = new Settings(settingRows, recall, config.privacy)
    const pairs = new Pairs({
      rows,
      books,
      recall,
      clock,
      refusedMs: config.requestAgainMs,
      moved: (me, other, before, after) => changesOf(me, other, before, after).forEach(tell),
    })
    const relations = new OwnRelations({ rows, pairs, settings, recall })
    const list = new ContactList({
      rows,
      cards,
      books,
      settings,
      mostGroups: config.groups,
    })
    const acts = new Friendships({ rows, pairs, books, settings, users, clock, config })
    const discovery = new Discovery({ users, relations, search: config.search, suggest: config.suggest })
    const sweep = new Sweep({ rows, pairs, clock, log: api.log })
    const person = { rows, cards, bookRows, settingRows, pairs, books, list, recall }
    let deaf: (() => void) | undefined

    api.provide(contract.Relations, () => relations)
    refuseBy(relations, api)
    api.hook(messageAllow, ({ from }, { peer }) =>
      peer === undefined || peer === from
        ? undefined
        : andThen(relations.may(peer, from, 'message'), (may) =>
            may ? undefined : acts.letAnswer(from, peer).then(() => undefined),
          ),
    )
    api.hook(userAudience, async ({ user }) => (await relations.friendsOf(user, { limit: audience })).users)

    api.hook(userData, ({ user }) => dataOf(person, user))
    api.hook(userErased, ({ user }) => erasureOf(person, user))

    api.command(contract.request, async (input, { user }) => {
      const { other, after } = await acts.request(user.id, input)
      return list.contact(user.id, other, after)
    })
    api.command(contract.accept, async (input, { user }) => {
      const { after } = await acts.accept(user.id, input.user)
      return list.contact(user.id, input.user, after)
    })
    api.command(contract.reject, async (input, { user }) => {
      await acts.reject(user.id, input.user)
      return {}
    })
    api.command(contract.cancel, async (input, { user }) => {
      await acts.cancel(user.id, input.user)
      return {}
    })
    api.command(contract.remove, async (input, { user }) => {
      await acts.remove(user.id, input.user)
      return {}
    })
    api.command(contract.block, async (input, { user }) => {
      const { after } = await acts.block(user.id, input.user)
      return list.contact(user.id, input.user, after)
    })
    api.command(contract.unblock, async (input, { user }) => {
      await acts.unblock(user.id, input.user)
      return {}
    })
    api.command(contract.remark, (input, { user }) =>
      list.note(user.id, input.user, { remark: input.remark || undefined }),
    )
    api.command(contract.assign, (input, { user }) => list.assign(user.id, input.user, input.groups))
    api.command(contract.createGroup, ({ name }, { user }) => list.createGroup(user.id, name))
    api.command(contract.renameGroup, ({ group, name }, { user }) => list.renameGroup(user.id, group, name))
    api.command(contract.deleteGroup, async ({ group }, { user }) => {
      await list.deleteGroup(user.id, group)
      return {}
    })
    api.command(contract.privacy, async (input, { user }) => {
      const privacy = await settings.set(user.id, input)
      if (Object.keys(input).length > 0) {
        await books.note(user.id, topics.privacy)
        tell({ kind: 'privacy', user: user.id })
      }
      return privacy
    })
    api.command(contract.sync, (input, { user }) => list.sync(user.id, input))
    api.command(contract.find, ({ handle }, { user }) => discovery.find(user.id, handle))
    api.command(contract.search, ({ text }, { user }) => discovery.search(user.id, text))
    api.command(contract.suggest, (_input, { user }) => discovery.suggest(user.id))

    return {
      async start() {
        deaf = bus.subscribe(subject, (frame) => {
          const change = frame as contract.RelationChange
          recall.forget(change.kind === 'privacy' ? change.user : pairKey(change.user, change.other))
          changed(change, undefined)
        })
        await recall.start()
        await sweep.start()
      },
      async stop() {
        deaf?.()
        recall.stop()
        await sweep.stop()
      },
    }
  },
})
