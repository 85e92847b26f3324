import { allRows, allStates, eraseEntries } from '@natter/core'
import type {
  Clock,
  Conversations,
  DataPart,
  entryErasing,
  Erasure,
  ErasureStep,
  messageRewriting,
  Naming,
  Runner,
} from '@natter/core'
import type { Records, Storage } from '@natter/core/contract'
import type { Acts, Judgement } from './acts.js'
import type { invitation, lastWord, memberRow } from './contract.js'
import type { Pictures } from './pictures.js'
import { roleOf } from './roles.js'
import { invitationOf, namesIn } from './room.js'
import { isGroup } from './rooms.js'
import type { Rooms } from './rooms.js'

interface PersonParts {
  readonly storage: Pick<Storage, 'log'>
  readonly conversations: Conversations
  readonly rewriting: Runner<typeof messageRewriting>
  readonly erasing: Runner<typeof entryErasing>
  readonly acts: Acts
  readonly rooms: Rooms
  readonly clock: Clock
  readonly members: Records<typeof memberRow>
  readonly invitations: Records<typeof invitation>
  readonly words: Records<typeof lastWord>
  readonly pictures: Pictures
}

const statesAtOnce = 100

/** In which groups a person is and as what, and to which they are invited. That they are banned is not theirs to know. */
export function dataOf(parts: PersonParts, user: string): readonly DataPart[] {
  const { storage, rooms, invitations, clock } = parts
  const roomOf = async (group: string) => {
    const head = await storage.log.head(group)
    return head && isGroup(head.kind) ? (await rooms.at(group, head.version))?.room : undefined
  }
  async function* memberships() {
    for await (const { conversation: group, kind, me } of allStates(storage.log, user)) {
      const room = isGroup(kind) && !me.left ? await roomOf(group) : undefined
      if (room) yield { group, kind, name: room.settings.name, role: roleOf(room, user), ...room.people.get(user) }
    }
  }
  async function* invited() {
    for await (const { group } of allRows(invitations, { user })) {
      const invitation = invitationOf(await roomOf(group), user, clock.now())
      if (invitation) yield { group, ...invitation }
    }
  }
  return [
    { name: 'groups.memberships', items: memberships() },
    { name: 'groups.invitations', items: invited() },
  ]
}

/**
 * They go from each group that they are or were in, are invited to, ask for or are banned from. A group that is theirs goes to an
 * admin, else to another member, else it is dissolved. Where the group's log says something of them it names nobody then.
 */
export function erasureOf(parts: PersonParts, { user, as }: Erasure): readonly ErasureStep[] {
  const { storage, acts, rooms, members, invitations, words, pictures } = parts
  const { log } = storage

  const successors = async function* (group: string) {
    const head = await log.head(group)
    const room = head && (await rooms.at(group, head.version))?.room
    if (room) for (const [who, { role }] of room.people) if (role === 'admin') yield who
    for await (const row of allRows(members, { group, in: 1 })) yield row.user
  }
  /** To whom it can go: somebody who is in it now. */
  const handOver = async (group: string) => {
    for await (const other of successors(group)) {
      if (other === user) continue
      const state = await log.state(other, group)
      if (!state || state.me.left) continue
      await acts.act({ group, me: user, other }, toOther(other))
      return
    }
    await acts.act({ group, me: user }, dissolveAlone)
    await acts.close(group)
    await pictures.clear(group)
  }
  const goOut = async (group: string) => {
    const state = await log.state(user, group)
    if (state && !isGroup(state.kind)) return
    const head = await log.head(group)
    const room = head && isGroup(head.kind) ? (await rooms.at(group, head.version))?.room : undefined
    if (!room) return
    if (room.owner === user && !room.dissolved) await handOver(group)
    await acts.act({ group, me: user }, erase(as(group)))
    await rooms.settle(group)
  }

  return [
    {
      name: 'groups.leave',
      phase: 'leave',
      async run(place) {
        // Groups of which rows tell, and those in the log that rows do not know yet.
        if (place === undefined || place.startsWith('log ')) {
          const after = place === undefined ? 0 : Number(place.slice(4))
          const some = await log.states(user, { after, limit: statesAtOnce })
          for (const { conversation, kind } of some) if (isGroup(kind)) await goOut(conversation)
          return some.length === 0 ? 'rows ' : `log ${some.at(-1)!.mark}`
        }
        const after = place.slice(5)
        const next = { gt: after }
        const [row] = (await members.page({ user, group: next }, { limit: 1 })).rows
        const [invited] = (await invitations.page({ user, group: next }, { limit: 1 })).rows
        const group = [row?.group, invited?.group].filter((id) => id !== undefined).sort()[0]
        if (group === undefined) return undefined
        await goOut(group)
        return `rows ${group}`
      },
    },
    {
      name: 'groups.entries',
      phase: 'erase',
      async run(place) {
        // Its members' entries are gone through by who keeps messages; here are groups that only name them.
        const [seq, group] = place?.split(' ') ?? []
        if (group !== undefined) {
          const done = await eraseEntries(
            { log, ...parts },
            { conversation: group, user, as: as(group), after: Number(seq) },
          )
          if (done !== undefined) return `${done} ${group}`
          await members.take({ group, user })
          await invitations.take({ group, user })
          await words.take({ group, user })
          return ''
        }
        const [row] = (await members.page({ user }, { limit: 1 })).rows
        const [invited] = (await invitations.page({ user }, { limit: 1 })).rows
        const next = row?.group ?? invited?.group
        return next === undefined ? undefined : `0 ${next}`
      },
    },
  ]
}

/** What somebody wrote when they asked to come in was their own. */
export function withoutWords(naming: Naming): Naming | undefined {
  const { user, from, body } = naming
  const event = body['event'] as { readonly what?: string; readonly user?: string; readonly note?: string } | undefined
  if (from !== 'system' || body['type'] !== 'group' || event?.user !== user || event.note === undefined)
    return undefined
  const { note: _, ...rest } = event
  return { ...naming, body: { ...body, event: rest } }
}

const toOther =
  (user: string): Judgement =>
  ({ room, me, otherInside }) =>
    room.owner === me && otherInside && !room.dissolved ? { what: 'transferred', by: me, user } : undefined

const dissolveAlone: Judgement = ({ room, me }) =>
  room.owner === me && !room.dissolved ? { what: 'dissolved', by: me } : undefined

const erase =
  (as: string): Judgement =>
  ({ room, me, inside }) =>
    inside || namesIn(room, me) ? { what: 'erased', user: me, as } : undefined
