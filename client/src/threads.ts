import type { ConversationInfo } from './api/conversation.js'
import type { MessageView, SendState } from './api/messages.js'
import { directId } from './direct-id.js'
import type { Entry } from './entry.js'
import { viewOf } from './entry.js'
import type { Outgoing } from './outbox.js'
import { createDerived } from './readable.js'
import type { Derived, Notify } from './readable.js'
import { blank, hasOlder } from './thread.js'
import type { Thread } from './thread.js'

export interface Threads {
  /** The thread of this conversation, made if it is new. */
  of(id: string): Thread
  all(): Iterable<Thread>
  direct(me: string, user: string): Thread
  /** Where the server does not tell who the other is: the sender, if the id is that of our direct conversation. */
  guessPeer(thread: Thread, from: string): void
  isOwn(entry: Entry): boolean
  view(thread: Thread, entry: Entry): MessageView
  /** Something in it changed: its readables, and the list. */
  touch(thread: Thread): void
  readonly list: Derived<readonly ConversationInfo[]>
}

export function createThreads(
  notify: Notify,
  me: () => string | undefined,
  outgoing: (conversation: string) => readonly Outgoing[],
  open: (thread: Thread) => void,
): Threads {
  const threads = new Map<string, Thread>()

  const isOwn = (entry: Entry) => entry.from === me()

  function stateOf(thread: Thread, { seq }: Entry): SendState {
    let state: SendState = 'sent'
    // With myself there is nobody else to have it.
    const marks = Object.values(thread.peer === me() ? [thread.me] : thread.marks)
    for (const { read, received } of seq ? marks : []) {
      if (read >= seq) return 'read'
      if (received >= seq) state = 'delivered'
    }
    return state
  }

  const view = (thread: Thread, entry: Entry) => {
    const own = isOwn(entry)
    return viewOf(entry, own, own ? stateOf(thread, entry) : 'received')
  }
  const viewOutgoing = ({ entry, error, failed }: Outgoing) => viewOf(entry, true, failed ? 'failed' : 'queued', error)

  function messagesOf(thread: Thread): readonly MessageView[] {
    const early = [...thread.ahead.values()].filter(isOwn).sort((a, b) => a.seq - b.seq)
    return [
      ...[...thread.window, ...early].map((entry) => view(thread, entry)),
      ...outgoing(thread.id).map(viewOutgoing),
    ]
  }

  function infoOf(thread: Thread): ConversationInfo {
    const waiting = outgoing(thread.id)
    const last = waiting[waiting.length - 1]
    const { id, kind, peer, head, me, marks, left } = thread
    return {
      id,
      kind,
      peer,
      head,
      unread: Math.max(0, thread.headN - thread.readN),
      me,
      marks,
      last: last ? viewOutgoing(last) : thread.last && view(thread, thread.last),
      at: Math.max(thread.at, last?.entry.at ?? 0),
      left,
    }
  }

  const list = createDerived(notify, () =>
    [...threads.values()]
      .filter((thread) => thread.listed || thread.window.length || outgoing(thread.id).length)
      .map((thread) => thread.info.get())
      .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)),
  )

  function make(id: string): Thread {
    const thread: Thread = {
      ...blank(),
      id,
      kind: 'direct',
      peer: undefined,
      ahead: new Map(),
      pulling: false,
      opened: false,
      version: 0,
      keys: undefined,
      info: createDerived(notify, () => infoOf(thread)),
      messages: createDerived(
        notify,
        () => messagesOf(thread),
        () => open(thread),
      ),
      older: createDerived(notify, () => hasOlder(thread)),
    }
    threads.set(id, thread)
    return thread
  }
  const of = (id: string) => threads.get(id) ?? make(id)

  function touch(thread: Thread) {
    thread.info.touch()
    thread.messages.touch()
    thread.older.touch()
    list.touch()
  }

  return {
    of,
    all: () => threads.values(),
    direct(me, user) {
      const thread = of(directId(me, user))
      thread.peer = user
      return thread
    },
    guessPeer(thread, from) {
      thread.peer ??= directId(me() ?? '', from) === thread.id ? from : undefined
    },
    isOwn,
    view,
    touch,
    list,
  }
}
