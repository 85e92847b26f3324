import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { FriendList } from '@natter/friends/client'
import type { Invitation } from '@natter/groups/client'
import type { Happening } from '@natter/groups/contract'
import type { OwnSettings } from '@natter/offline/client'
import type { Chat, ConversationInfo } from './connect-chat.js'
import { openDrafts } from './drafts.js'
import type { Drafts } from './drafts.js'
import type { Kept } from './kept.js'
import { openPeople } from './people.js'
import type { People, Person } from './people.js'
import { isAside } from '../format/message-words.js'
import type { Preview } from './previews.js'
import { signalOf } from './readable.js'
import { openRooms } from './rooms.js'
import type { Rooms } from './rooms.js'
import { countedUnread, standingOf } from './standing.js'
import type { Standing } from './standing.js'
import { texts } from '../text/texts.js'

/** What belongs to the person who is logged in, for as long as they are. */
export interface ChatState {
  readonly chat: Chat
  readonly user: string
  readonly people: People
  readonly rooms: Rooms
  readonly friends: ReadonlySignal<FriendList>
  /** What happened in a group, in words; none until they are fetched. */
  happened(event: Happening): string
  /** What I have set for conversations, on all of my devices. */
  readonly own: ReadonlySignal<OwnSettings>
  standing(info: ConversationInfo): Standing
  /** What I am invited to. */
  readonly invited: ReadonlySignal<readonly Invitation[]>
  /** Unread messages of a conversation that mention me. */
  mentions(info: ConversationInfo): number
  /** What was last said in a conversation, as it stands now; nothing while that is not known. */
  preview(info: ConversationInfo): Preview | undefined
  /** What I call a person: by my own name for them, else by theirs. */
  nameOf(user: string): string
  readonly drafts: Drafts
  readonly status: ReadonlySignal<ReturnType<Chat['status']['get']>>
  /** Whether the server was heard since the page was opened. Before that, nothing says that what is shown is all there is. */
  readonly server: ReadonlySignal<'awaited' | 'unreachable' | 'heard'>
  readonly conversations: ReadonlySignal<readonly ConversationInfo[]>
  /** Unread messages in all conversations but those that are muted or archived. */
  readonly unread: ReadonlySignal<number>
  /** The device cannot keep what is unsent: it would be lost with the page. */
  readonly forgetful: ReadonlySignal<boolean>
  /** Messages that are on this device only. */
  readonly unsent: ReadonlySignal<number>
  stop(): Promise<void>
}

export function openChatState(
  chat: Chat,
  user: string,
  kept: Kept,
  on: { profile(person: Person): void; ended(): void },
): ChatState {
  const stops: (() => void)[] = []
  const follow = (stop: () => void) => void stops.push(stop)
  const people = openPeople(kept, user, async (ids) => (await chat.auth.lookup({ ids })).profiles)
  const status = signalOf(chat.status, follow)
  const conversations = signalOf(chat.conversations, follow)
  const forgetful = signal(false)
  const server = signal<'awaited' | 'unreachable' | 'heard'>('awaited')
  const outbox = signalOf(chat.outbox.entries, follow)
  const friends = signalOf(chat.friends.list, follow)
  const remarks = computed(() => new Map(friends.value.friends.map(({ user, remark }) => [user, remark])))

  // Whoever deleted their account is nobody any more.
  const nameOf = (id: string) =>
    id === '' ? texts.gonePerson : (remarks.value.get(id) ?? people.of(id).value?.name ?? texts.unknownPerson)
  const own = signalOf(chat.offline.own, follow)
  const drafts = openDrafts(kept, user)
  const standing = (info: ConversationInfo) => standingOf(info, own.value.settings[info.id], Date.now())

  const mentions = signal<ChatState['mentions']>(() => 0)
  const happened = signal<ChatState['happened']>(() => '')
  const preview = signal<ChatState['preview']>(({ last }) =>
    last && !isAside(last) ? { message: last, deleted: false } : undefined,
  )
  let stopped = false
  // None of it is needed to begin with, and a page that is older than the server finds it no more.
  import('./later-parts.js').then(
    (later) => {
      if (stopped) return
      follow(later.tellActive(chat, status))
      follow(later.shareDrafts(chat, drafts, own))
      mentions.value = later.followMentions(chat, user, conversations, follow)
      const previewOf = later.followPreviews(chat, conversations, follow)
      preview.value = (info) => previewOf(info)
      happened.value = (event) => later.happeningWords(event, user, nameOf, Date.now())
    },
    () => undefined,
  )

  follow(
    chat.on('auth.changed', (profile) => {
      people.learn(profile)
      if (profile.id === user) on.profile(profile)
    }),
  )
  follow(
    chat.on('problem', ({ code }) => {
      if (code === 'CLIENT_STORE_FAILED') forgetful.value = true
    }),
  )
  follow(
    status.subscribe(({ link, retryAt, error }) => {
      if (link === 'online') {
        server.value = 'heard'
        // Whoever was away has missed changes of names and pictures.
        people.refresh()
      }
      if (retryAt !== undefined && server.value === 'awaited') server.value = 'unreachable'
      if (link === 'closed' && error && signedOut.includes(error.code)) on.ended()
    }),
  )

  return {
    chat,
    user,
    people,
    rooms: openRooms(kept, user, (id) => chat.groups.of(id)),
    friends,
    invited: signalOf(chat.groups.invited(), follow),
    mentions: (info) => mentions.value(info),
    happened: (event) => happened.value(event),
    preview: (info) => preview.value(info),
    nameOf,
    own,
    standing,
    drafts,
    status,
    server,
    conversations,
    unread: computed(() => conversations.value.reduce((sum, info) => sum + countedUnread(info, standing(info)), 0)),
    forgetful,
    unsent: computed(() => outbox.value.length),
    async stop() {
      stopped = true
      for (const stop of stops) stop()
      await chat.close()
    },
  }
}

const signedOut: readonly string[] = ['CLIENT_SIGNED_OUT', 'CLIENT_TOKEN_REJECTED']
