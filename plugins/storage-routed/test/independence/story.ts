import type { Client } from '@natter/client'
import { eventually, until } from '@natter/testkit'
import type { FakeClock, InTest } from '@natter/testkit'
import type { Halves, Name } from './sets.js'

export type Person = Client<Halves> & InTest
export interface Cast {
  readonly clock: FakeClock
  readonly alice: Person
  readonly bob: Person
  readonly carol: Person
  readonly dave: Person
}

/** A piece of the story, what those in it have at its end, and what of that a plugin alone gave. */
interface Chapter {
  readonly needs: readonly Name[]
  readonly ends: Ends
  /** What is different without a plugin that the chapter does not need. */
  readonly without?: Partial<Record<Name, { readonly because: string; readonly ends: Ends }>>
  run(cast: Cast): Promise<Ends>
}
type Ends = Readonly<Record<string, unknown>>

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )

/** Sends a text; answers its seq. */
async function say(who: Person, conversation: string, text: string): Promise<number> {
  const sent = await who.conversation(conversation).send({ text }).sent
  return (sent as { readonly seq: number }).seq
}

/** What a person reads in a conversation, afresh: texts, events of groups, acts. */
async function readBy(who: Person, conversation: string): Promise<readonly string[]> {
  const { messages } = await who.conversation(conversation).history()
  return messages.map((message) => {
    switch (message.type) {
      case 'text':
        return `${message.from}: ${message.text}`
      case 'group':
        return message.event.what
      case 'act':
        return `${message.what} by ${message.by}`
      default:
        return message.type
    }
  })
}

async function team(cast: Cast, key: string): Promise<string> {
  const { group } = await cast.alice.groups.create({ key, settings: { name: 'Team', door: 'open' } })
  await cast.bob.groups.join({ group })
  return group
}

/** Whether somebody finds these words in the end. */
const finds = ({ clock }: Cast, who: Person, text: string): Promise<void> =>
  eventually(clock, async () => (await who.search.messages({ text })).hits.length > 0)
const textsFound = async (who: Person, text: string) =>
  (await who.search.messages({ text })).hits.map((hit) => hit.text)

/** The story, in order. The chapters that need a plugin which is left out are left out with it. */
export const story: Readonly<Record<string, Chapter>> = {
  'two people talk': {
    needs: [],
    ends: {
      read: ['alice: one', 'alice: two', 'bob: three'],
      unread: [2, 1],
      marks: { read: 1, received: 2 },
      answered: 1,
    },
    async run({ clock, alice, bob }) {
      const { id } = alice.direct('bob')
      const unreadBy = async (who: Person) => (await who.offline.state({ conversation: id })).unread
      await say(alice, id, 'one')
      await say(alice, id, 'two')
      const before = await unreadBy(bob)
      await bob.offline.mark({ conversation: id, read: 1, received: 2 })
      const marks = () => alice.conversation(id).info.get().marks['bob']
      await eventually(clock, async () => marks()?.received === 2)
      const seen = marks()
      const unread = [before, await unreadBy(bob)]
      await say(bob, id, 'three')
      return { read: await readBy(bob, id), unread, marks: seen, answered: await unreadBy(alice) }
    },
  },
  'they become friends; one blocks, one hides': {
    needs: ['friends'],
    ends: { asked: [['alice', 'It is me']], friends: ['bob'], blocked: ['dave'], write: 'NATTER_NOT_AVAILABLE' },
    async run({ clock, alice, bob, carol, dave }) {
      for (const { friends } of [alice, bob]) friends.list.subscribe(() => undefined)
      await alice.friends.request({ user: 'bob', note: 'It is me' })
      await eventually(clock, async () => bob.friends.list.get().incoming.length > 0)
      const asked = bob.friends.list.get().incoming.map(({ user, note }) => [user, note])
      await bob.friends.accept({ user: 'alice' })
      await alice.friends.block({ user: 'dave' })
      await eventually(clock, async () => alice.friends.list.get().friends.length > 0)
      await eventually(clock, async () => alice.friends.list.get().blocked.length > 0)
      await carol.friends.privacy({ find: 'nobody' })
      const users = (list: readonly { readonly user: string }[]) => list.map(({ user }) => user)
      const { friends, blocked } = alice.friends.list.get()
      return {
        asked,
        friends: users(friends),
        blocked: users(blocked),
        write: await codeOf(dave.direct('alice').send({ text: 'hello' }).sent),
      }
    },
  },
  'presence is told, and who is writing': {
    needs: ['presence'],
    ends: { bob: 'online', carol: 'offline', then: ['dnd', 'busy'], writers: [{ user: 'bob', what: 'typing' }] },
    without: {
      friends: {
        because: 'those who talk see each other, where nobody can be a friend',
        ends: { bob: 'online', carol: 'online', then: ['dnd', 'busy'], writers: [{ user: 'bob', what: 'typing' }] },
      },
    },
    async run({ clock, alice, bob, carol }) {
      await say(carol, carol.direct('alice').id, 'hello')
      const { people } = await alice.presence.watch({ users: ['bob', 'carol'] })
      const [first, second] = people.map(({ state }) => state)
      const shown = alice.presence.of('bob')
      shown.subscribe(() => undefined)
      const { id } = bob.direct('alice')
      const writers = alice.presence.writers(id)
      writers.subscribe(() => undefined)
      await bob.presence.set({ mode: 'dnd', status: { text: 'busy' } })
      await eventually(clock, async () => shown.get()?.state === 'dnd')
      bob.presence.writing(id)
      await until(clock, () => writers.get().length > 0)
      const then = [shown.get()?.state, shown.get()?.status?.text]
      return { bob: first, carol: second, then, writers: writers.get() }
    },
  },
  'a group is made, joined and spoken in': {
    needs: ['groups'],
    ends: {
      read: ['joined', 'alice: hello all', 'bob: hello'],
      members: ['alice owner', 'bob member'],
      stranger: 'NATTER_NOT_FOUND',
      dave: 'NATTER_NOT_AVAILABLE',
    },
    without: {
      friends: {
        because: 'nobody can have blocked who is invited',
        ends: {
          read: ['joined', 'alice: hello all', 'bob: hello', 'invited'],
          members: ['alice owner', 'bob member'],
          stranger: 'NATTER_NOT_FOUND',
          dave: 'ok',
        },
      },
    },
    async run(cast) {
      const { alice, bob, carol } = cast
      const group = await team(cast, 'spoken')
      await say(alice, group, 'hello all')
      await say(bob, group, 'hello')
      const dave = await codeOf(alice.groups.invite({ group, user: 'dave' }))
      const { members } = await bob.groups.members({ group })
      return {
        read: await readBy(bob, group),
        members: members.map(({ user, role }) => `${user} ${role}`),
        stranger: await codeOf(carol.conversation(group).send({ text: 'hello' }).sent),
        dave,
      }
    },
  },
  'a message is edited and reacted to': {
    needs: ['actions'],
    ends: {
      read: ['carol: right', 'reacted by bob', 'edited by carol'],
      shown: [{ reactions: [{ emoji: '👍', users: ['bob'] }], edited: true }],
      others: 'ACTIONS_NOT_ALLOWED',
    },
    async run({ bob, carol }) {
      const conversation = carol.direct('bob').id
      const at = { conversation, seq: await say(carol, conversation, 'wrong') }
      await bob.actions.react({ ...at, emoji: '👍' })
      await carol.actions.edit({ ...at, text: 'right' })
      const { messages } = await bob.conversation(conversation).history()
      return {
        read: await readBy(bob, conversation),
        shown: bob.actions
          .acted(messages)
          .map(({ reactions, edited }) => ({ reactions, edited: edited !== undefined })),
        others: await codeOf(bob.actions.deleteForAll(at)),
      }
    },
  },
  'words and people are found': {
    needs: ['search'],
    ends: { found: ['minutes of monday'], stranger: [], carol: [], bob: ['bob'] },
    without: {
      friends: {
        because: 'nobody can hide from being found',
        ends: { found: ['minutes of monday'], stranger: [], carol: ['carol'], bob: ['bob'] },
      },
    },
    async run(cast) {
      const { alice, bob, carol, dave } = cast
      await say(dave, dave.direct('bob').id, 'minutes of monday')
      await finds(cast, bob, 'minu')
      const people = async (text: string) => (await alice.search.people({ text })).people.map(({ id }) => id)
      return {
        found: await textsFound(bob, 'minu'),
        stranger: await textsFound(carol, 'minu'),
        carol: await people('carol'),
        bob: await people('bob'),
      }
    },
  },
  'who leads a group deletes what others say in it': {
    needs: ['groups', 'actions'],
    ends: { bob: 'ACTIONS_NOT_ALLOWED', alice: 'ok', read: ['joined', 'alice: stay', 'deleted', 'deleted by alice'] },
    async run(cast) {
      const { alice, bob } = cast
      const group = await team(cast, 'deleted')
      const stays = { conversation: group, seq: await say(alice, group, 'stay') }
      const goes = { conversation: group, seq: await say(bob, group, 'go') }
      return {
        bob: await codeOf(bob.actions.deleteForAll(stays)),
        alice: await codeOf(alice.actions.deleteForAll(goes)),
        read: await readBy(bob, group),
      }
    },
  },
  'a group sees who is writing in it': {
    needs: ['groups', 'presence'],
    ends: { writers: [{ user: 'bob', what: 'typing' }], stranger: 'NATTER_NOT_FOUND' },
    async run(cast) {
      const { clock, alice, bob, carol } = cast
      const group = await team(cast, 'written')
      const writers = alice.presence.writers(group)
      writers.subscribe(() => undefined)
      bob.presence.writing(group)
      await until(clock, () => writers.get().length > 0)
      const stranger = await codeOf(carol.presence.write({ conversation: group, what: 'typing' }))
      return { writers: writers.get(), stranger }
    },
  },
  'what is said in a group is found by its members': {
    needs: ['groups', 'search'],
    ends: { bob: ['the plan'], carol: [] },
    async run(cast) {
      const { alice, bob, carol } = cast
      await say(alice, await team(cast, 'found'), 'the plan')
      await finds(cast, bob, 'plan')
      return { bob: await textsFound(bob, 'plan'), carol: await textsFound(carol, 'plan') }
    },
  },
  'an edited message is found by what it says now': {
    needs: ['actions', 'search'],
    ends: { before: [], now: ['tuesday'] },
    async run(cast) {
      const { bob, dave } = cast
      const conversation = dave.direct('bob').id
      const at = { conversation, seq: await say(dave, conversation, 'wednesday') }
      await finds(cast, bob, 'wednesday')
      await dave.actions.edit({ ...at, text: 'tuesday' })
      return { before: await textsFound(bob, 'wednesday'), now: await textsFound(bob, 'tuesday') }
    },
  },
}

/** The chapters that a set of plugins has, with how each ends there. */
export function chaptersOf(set: readonly Name[]): readonly { title: string; chapter: Chapter; ends: Ends }[] {
  return Object.entries(story).flatMap(([title, chapter]) => {
    if (!chapter.needs.every((name) => set.includes(name))) return []
    const [other] = Object.entries(chapter.without ?? {}).filter(([name]) => !set.includes(name as Name))
    return [{ title, chapter, ends: other?.[1].ends ?? chapter.ends }]
  })
}
