import { computed, signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { Chat, ConversationInfo } from './connect-chat.js'
import { openDrafts } from './drafts.js'
import type { Drafts } from './drafts.js'
import type { Kept } from './kept.js'
import { openPeople } from './people.js'
import type { People, Person } from './people.js'
import { signalOf } from './readable.js'

/** What belongs to the person who is logged in, for as long as they are. */
export interface ChatState {
  readonly chat: Chat
  readonly user: string
  readonly people: People
  readonly drafts: Drafts
  readonly status: ReadonlySignal<ReturnType<Chat['status']['get']>>
  /** Whether the server was heard since the page was opened. Before that, nothing says that what is shown is all there is. */
  readonly server: ReadonlySignal<'awaited' | 'unreachable' | 'heard'>
  readonly conversations: ReadonlySignal<readonly ConversationInfo[]>
  /** Unread messages in all conversations. */
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
    drafts: openDrafts(kept, user),
    status,
    server,
    conversations,
    unread: computed(() => conversations.value.reduce((sum, { unread }) => sum + unread, 0)),
    forgetful,
    unsent: computed(() => outbox.value.length),
    async stop() {
      for (const stop of stops) stop()
      await chat.close()
    },
  }
}

const signedOut: readonly string[] = ['CLIENT_SIGNED_OUT', 'CLIENT_TOKEN_REJECTED']
