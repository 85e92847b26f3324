import { hash } from 'node:crypto'
import {
  andThen,
  Clock,
  Conversations,
  definePlugin,
  entryErasing,
  messageAllow,
  messageRewriting,
  NatterErrors,
  Secrets,
  userData,
  userErased,
  Users,
} from '@natter/core'
import { Storage } from '@natter/core/contract'
import { givePicture } from '@natter/core/picture'
import { Relations } from '@natter/friends/contract'
import { Acts } from './acts.js'
import type { Judgement } from './acts.js'
import { groupsConfig } from './config.js'
import * as contract from './contract.js'
import { defaults, groupView } from './group-view.js'
import * as judge from './judgements.js'
import { dataOf, erasureOf, withoutWords } from './person.js'
import { linkId, linkOf, linkSecret, linkUrl } from './links.js'
import { foldName, Lists } from './lists.js'
import { Pictures, readGroupPicture } from './pictures.js'
import { mayDo, roleOf } from './roles.js'
import { invitationOf } from './room.js'
import { Rooms } from './rooms.js'
import { mayWrite } from './writing.js'
import type { Written } from './writing.js'

/** Invitations on one page. */
const invitationsPage = 50

/** A person's group by their own id for it. */
const groupId = (me: string, key: string) => `g${hash('sha256', `${me}\n${key}`, 'base64url').slice(0, 21)}`

/** Texts that begin so. */
const begins = (text: string) => ({ gte: foldName(text), lt: `${foldName(text)}\u{10ffff}` })

/**
 * Groups and channels: who is in them and as what, who comes in and how, who writes. Whatever happens in one is an entry of
 * its log, in order with what is written.
 *
 * @example
 * createChat({ plugins: [storageSql(), auth(), offline(), groups()] })
 */
export const groups = definePlugin({
  name: 'groups',
  version: '1.0.0',
  contract,
  needs: { storage: Storage, conversations: Conversations, users: Users, clock: Clock, secrets: Secrets },
  wants: { relations: Relations },
  provides: [contract.GroupRights],
  models: [contract.room, contract.memberRow, contract.invitation, contract.lastWord, contract.pictureRow],
  config: groupsConfig,
  setup(api, { storage, conversations, users, clock, secrets, relations }, bounds) {
    const memberRows = api.records(contract.memberRow)
    const invitationRows = api.records(contract.invitation)
    const words = api.records(contract.lastWord)
    const lists = new Lists({
      members: memberRows,
      invitations: invitationRows,
      users,
      out: (user, group) => void api.publish(contract.out, { user }, { group }),
      invited: (user, group) => void api.publish(contract.invited, { user }, { group }),
    })
    const rooms = new Rooms({ storage, rows: api.records(contract.room), lists, logger: api.log })
    const acts = new Acts({ conversations, storage, rooms, clock })
    const pictures = new Pictures(api.records(contract.pictureRow), clock)

    const person = {
      clock,
      ...{ storage, conversations, acts, rooms, words, pictures },
      members: memberRows,
      invitations: invitationRows,
      rewriting: api.runner(messageRewriting),
      erasing: api.runner(entryErasing),
    }
    api.hook(userData, ({ user }) => dataOf(person, user))
    api.hook(entryErasing, withoutWords)
    api.hook(userErased, (erasure) => erasureOf(person, erasure))
    api.hook(messageAllow, (draft, context) => mayWrite({ rooms, words, storage }, draft as Written, context))

    api.provide(contract.GroupRights, () => ({
      may: (group, user, what, { version, author }) =>
        andThen(rooms.at(group, version), (standing) => standing && mayDo(standing.room, user, what, author)),
    }))

    const view = async (group: string, me: string) => {
      const { standing, scene } = await acts.see(group, me)
      return groupView(group, standing, me, scene.size)
    }
    /** What only those with a permission may see. */
    const lookAt = async (group: string, me: string, what: Parameters<typeof judge.mustMay>[1]) => {
      const { scene } = await acts.see(group, me)
      judge.mustMay(scene, what)
      return scene.room
    }
    const on = async ({ group, user: other }: { group: string; user: string }, me: string, judgement: Judgement) => {
      await acts.act({ group, me, other }, judgement)
      return {}
    }

    api.command(contract.create, async ({ key, kind, settings }, { user: { id: me } }) => {
      const group = groupId(me, key)
      const event = { what: 'created', by: me, kind, settings: { ...defaults(kind), ...settings } } as const
      const body = { type: 'group', event, version: 1, before: 0 }
      const ack = await conversations.append(group, { body, cause: 'created', open: { kind, members: [me] } })
      if (ack.durability !== 'committed') throw NatterErrors.NOT_FOUND()
      return view(group, me)
    })
    api.command(contract.get, ({ group }, { user }) => view(group, user.id))
    api.command(contract.set, async ({ group, settings }, { user: { id: me } }) => {
      const { avatar: before } = (await acts.see(group, me)).scene.room.settings
      const { room } = await acts.act({ group, me }, judge.set(settings))
      if (settings.avatar !== undefined) await pictures.tidy(group, room.settings.avatar, before)
      return view(group, me)
    })
    api.command(contract.setPicture, async ({ group, image }, { user: { id: me } }) => {
      // Judged first: of who may not do that nothing is stored.
      const { avatar: before } = (await lookAt(group, me, 'describe')).settings
      const picture = await readGroupPicture(image)
      if (await pictures.same(group, before, picture)) return view(group, me)
      const avatar = await pictures.keep(group, picture)
      const { room } = await acts.act({ group, me }, judge.set({ avatar }))
      await pictures.tidy(group, room.settings.avatar, before)
      return view(group, me)
    })
    api.route(contract.pictureRoute, async ({ group, picture }, { ctx }) => {
      const found = await pictures.find(group, picture)
      if (!found) throw NatterErrors.NOT_FOUND()
      givePicture(ctx, found)
    })
    api.command(contract.transfer, async ({ group, user }, { user: { id: me } }) => {
      await acts.act({ group, me, other: user }, judge.transfer(user))
      return view(group, me)
    })
    api.command(contract.dissolve, async ({ group }, { user: { id: me } }) => {
      await acts.act({ group, me }, judge.dissolve)
      await acts.close(group)
      await pictures.clear(group)
      return {}
    })

    api.command(contract.join, async (input, { user: { id: me } }) => {
      const by = 'link' in input ? linkOf(input.link) : undefined
      if ('link' in input && !by) throw NatterErrors.NOT_FOUND()
      const group = by?.group ?? (input as { readonly group: string }).group
      const note = 'group' in input ? input.note : undefined
      const { room } = await acts.act(
        { group, me, entering: true },
        by ? judge.enterBy(bounds, by.link) : judge.enter(bounds, note),
      )
      return room.asked.has(me) ? { asked: true } : { asked: false, group: await view(group, me) }
    })
    api.command(contract.leave, async ({ group }, { user: { id: me } }) => {
      await acts.act({ group, me }, judge.goOut)
      return {}
    })
    api.command(contract.invite, async ({ group, user }, { user: { id: me } }) => {
      // Judged first: who may not invite learns nothing about people.
      judge.mustMay((await acts.see(group, me)).scene, 'invite')
      const there = await users.exists(user)
      if (!there || (await relations?.may(me, user, 'message')) === false) throw NatterErrors.NOT_AVAILABLE()
      return on({ group, user }, me, judge.invite(bounds, user))
    })
    api.command(contract.uninvite, (input, { user }) => on(input, user.id, judge.uninvite(input.user)))
    api.command(contract.invitations, async ({ page }, { user: { id: me } }) => {
      const found = await invitationRows.page(
        { user: me },
        { limit: invitationsPage, ...(page === undefined ? {} : { after: page }) },
      )
      const invitations = []
      for (const { group } of found.rows) {
        const head = await storage.log.head(group)
        const room = head && (await rooms.at(group, head.version))?.room
        const invitation = invitationOf(room, me, clock.now())
        if (invitation) invitations.push({ group, ...invitation })
      }
      return { invitations, ...(found.next !== undefined && { next: found.next }) }
    })
    api.command(contract.admit, async ({ group, user: other }, { user: { id: me } }) => {
      await acts.act({ group, me, other, entering: true }, judge.admit(bounds, other))
      return {}
    })
    api.command(contract.refuse, (input, { user }) => on(input, user.id, judge.refuse(input.user)))
    api.command(contract.waiting, async ({ group }, { user }) => {
      const { asked, invited } = await lookAt(group, user.id, 'admit')
      return {
        asked: [...asked].map(([who, { at, note }]) => ({ user: who, at, ...(note && { note }) })),
        invited: [...invited].map(([who, { by, until }]) => ({ user: who, by, until })),
      }
    })

    api.command(contract.kick, (input, { user }) => on(input, user.id, judge.kick(input.user)))
    api.command(contract.ban, (input, { user }) => on(input, user.id, judge.ban(bounds, input.user)))
    api.command(contract.unban, (input, { user }) => on(input, user.id, judge.unban(input.user)))
    api.command(contract.banned, async ({ group }, { user }) => {
      const { banned } = await lookAt(group, user.id, 'ban')
      return { banned: [...banned].map(([who, { by, at }]) => ({ user: who, by, at })) }
    })
    api.command(contract.giveRole, (input, { user }) =>
      on(input, user.id, judge.giveRole(bounds, input.user, input.role)),
    )
    api.command(contract.mute, (input, { user }) => on(input, user.id, judge.mute(bounds, input.user, input.forMs)))
    api.command(contract.unmute, (input, { user }) => on(input, user.id, judge.unmute(input.user)))

    api.command(contract.makeLink, async ({ group, key, ...limits }, { user: { id: me } }) => {
      const secret = linkSecret(secrets.current('groups.links').key, group, me, key)
      const link = linkId(secret)
      await acts.act({ group, me }, judge.makeLink(bounds, link, limits))
      return { link, url: linkUrl(group, secret) }
    })
    api.command(contract.dropLink, async ({ group, link }, { user: { id: me } }) => {
      await acts.act({ group, me }, judge.dropLink(link))
      return {}
    })
    api.command(contract.links, async ({ group }, { user }) => {
      const { links } = await lookAt(group, user.id, 'link')
      return { links: [...links].map(([link, rest]) => ({ link, ...rest })) }
    })
    api.command(contract.members, async ({ group, text, limit, page }, { user }) => {
      const { scene } = await acts.see(group, user.id)
      const options = { limit, ...(page === undefined ? {} : { after: page }) }
      const found = await memberRows.page(
        text === undefined ? { group, in: 1 } : { group, in: 1, name: begins(text) },
        options,
      )
      const people = found.rows.map(({ user: who }) => {
        const mutedUntil = scene.room.people.get(who)?.mutedUntil
        return { user: who, role: roleOf(scene.room, who), ...(mutedUntil !== undefined && { mutedUntil }) }
      })
      return { members: people, ...(found.next !== undefined && { next: found.next }) }
    })
  },
})
