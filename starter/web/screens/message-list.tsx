import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import { dayName } from '../format/dates.js'
import { messageRows } from '../format/message-rows.js'
import { Icon } from '../parts/icon.js'
import { useReading } from '../parts/use-reading.js'
import { useRoving } from '../parts/use-roving.js'
import { useScrollPlace } from '../parts/use-scroll-place.js'
import type { Acted, Conversation, Message } from '../state/connect-chat.js'
import { useChat } from '../state/app-state.js'
import { useReadable } from '../state/readable.js'
import { texts } from '../text/texts.js'
import type { MessageTools } from './acts/message-tools.js'
import { useOriginals } from './acts/use-originals.js'
import { EventLine } from './event-line.js'
import { MessageBubble } from './message-bubble.js'

/** Unread messages stand this far below the top when a conversation is opened. */
const unreadAt = 0.25

/** To find a message, so many pages of this size are fetched at most. */
const [farthest, page] = [25, 200]

/** Where one came who went to a message: it may be gone, or so far back that it is not fetched. */
export type Arrival = 'there' | 'gone' | 'far' | 'offline'

/** The messages of a conversation, oldest first. */
export function MessageList({
  conversation,
  shown,
  tools,
  goal,
  came,
  details,
  name,
  named,
  beginning,
}: {
  readonly conversation: Conversation
  /** Its messages, with what was done to them. */
  readonly shown: readonly Acted[]
  readonly tools: MessageTools
  /** A message to go to. */
  readonly goal: { readonly seq: number } | undefined
  /** What came of it. */
  readonly came: (to: Arrival) => void
  readonly details: (message: Message) => void
  readonly name: string
  /** There are several people in it. */
  readonly named: boolean
  /** Stands where there is no message yet. */
  readonly beginning: ComponentChildren
}) {
  const { chat, status, server, nameOf, user } = useChat()
  const messages = useMemo(() => shown.map(({ message }) => message), [shown])
  const byKey = useMemo(() => new Map(shown.map((acted) => [acted.message.key, acted])), [shown])
  const originalOf = useOriginals(conversation.id, shown)
  const older = useReadable(conversation.older)
  const info = useReadable(conversation.info)
  const [fetching, setFetching] = useState<'no' | 'yes' | 'failed'>('no')
  const scroller = useRef<HTMLDivElement>(null)
  const heard = server.value === 'heard'
  const connected = status.value.link === 'online' || status.value.link === 'resyncing'

  // The line above what is new stays where it was when the conversation was opened.
  const [readBefore] = useState(() => (info.unread > 0 ? info.me.read : undefined))
  const rows = useMemo(() => messageRows(messages, readBefore), [messages, readBefore])
  const newest = messages.at(-1)
  const worded = messages.findLast(({ own }) => own)
  const roving = useRoving(
    rows.flatMap((row) => (row.kind === 'message' ? row.key : [])),
    messages.findLast(({ from }) => from !== 'system')?.key,
  )

  async function loadOlder() {
    if (!conversation.older.get() || fetching === 'yes' || !connected) return
    setFetching('yes')
    try {
      await conversation.loadOlder()
      setFetching('no')
    } catch {
      setFetching('failed')
    }
  }

  const { atEnd, missed, look, toEnd } = useScrollPlace(scroller, messages, {
    older: () => void (fetching === 'no' && loadOlder()),
    start(list) {
      const line = list.querySelector<HTMLElement>('.unread-line')
      return line ? line.offsetTop - list.clientHeight * unreadAt : undefined
    },
  })
  const read = useReading(scroller, newest?.seq ?? 0, (seq) => {
    if (seq > conversation.info.get().me.read) conversation.read(seq)
  })

  useEffect(() => {
    if (!goal) return undefined
    let wanted = true
    void showMessage(scroller, conversation, goal.seq, () => wanted).then((to) => {
      if (!wanted) return
      // Else what was fetched above it would lead back to the end.
      if (to === 'there') look()
      came(to)
    })
    return () => {
      wanted = false
    }
  }, [goal])

  return (
    <div class="messages-place">
      <div
        ref={scroller}
        class="messages"
        role="log"
        aria-live="off"
        aria-label={texts.chat.messagesLabel(name)}
        onScroll={() => {
          look()
          read()
        }}
        onKeyDown={roving.onKeyDown}
        onFocusIn={roving.onFocusIn}
      >
        <div class="messages-content">
          {messages.length === 0 && !older && heard && beginning}
          {!heard && <p class="quiet">{server.value === 'awaited' ? texts.loading : texts.chat.unreached}</p>}
          {messages.length > 0 && heard && (
            <div class="history-edge">
              {!older && <p>{texts.chat.start}</p>}
              {older && fetching !== 'failed' && <p>{texts.chat.older}</p>}
              {older && fetching === 'failed' && (
                <p>
                  {texts.chat.olderFailed}{' '}
                  <button type="button" class="link-button" onClick={() => void loadOlder()}>
                    {texts.retry}
                  </button>
                </p>
              )}
            </div>
          )}
          {rows.map((row) => {
            if (row.kind === 'day')
              return (
                <p class="day-line" key={row.key}>
                  <time dateTime={new Date(row.at).toISOString().slice(0, 10)}>{dayName(row.at, Date.now())}</time>
                </p>
              )
            if (row.kind === 'unread')
              return (
                <p class="unread-line" key={row.key}>
                  <span>{texts.chat.unreadFrom}</span>
                </p>
              )
            const { message } = row
            if (row.kind === 'event') return <EventLine key={row.key} message={message} />
            return (
              <MessageBubble
                key={row.key}
                acted={byKey.get(row.key)!}
                tools={tools}
                original={originalOf(byKey.get(row.key)!)}
                found={goal?.seq === message.seq}
                name={message.from === user ? name : nameOf(message.from)}
                named={named}
                first={row.first}
                last={row.last}
                connected={connected}
                worded={message === worded || message.state === 'queued'}
                tabIndex={roving.tabIndex(row.key)}
                retry={() => chat.outbox.retry(message.clientId)}
                details={() => details(message)}
                discard={() => chat.outbox.drop(message.clientId)}
              />
            )
          })}
        </div>
      </div>
      {!atEnd && (
        <button type="button" class="to-end" aria-label={missed ? undefined : texts.chat.newest} onClick={toEnd}>
          {missed > 0 && <span>{texts.chat.newMessages(missed)}</span>}
          <Icon name="down" />
        </button>
      )}
    </div>
  )
}

/** Goes to a message, and fetches what lies between. */
async function showMessage(
  scroller: { readonly current: HTMLElement | null },
  { messages, older, info, loadOlder }: Conversation,
  seq: number,
  wanted: () => boolean,
): Promise<Arrival> {
  const missing = () => (messages.get()[0]?.seq ?? 0) > seq && older.get()
  // Of a conversation that was just opened the newest page is on its way.
  if (info.get().head > 0) await first(messages, (all) => all.some((message) => message.seq > 0))
  try {
    for (let pages = 0; pages < farthest && wanted() && missing(); pages++) await loadOlder(page)
  } catch {
    return 'offline'
  }
  if (missing()) return 'far'
  // What was fetched is on the page with the next frame.
  await new Promise(requestAnimationFrame)
  const element = scroller.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`)
  if (!wanted() || !element) return 'gone'
  element.scrollIntoView({ block: 'center' })
  element.focus({ preventScroll: true })
  return 'there'
}

/** Resolves once what is read is so. */
const first = <T,>(cell: { get(): T; subscribe(listener: () => void): () => void }, met: (value: T) => boolean) =>
  new Promise<void>((resolve) => {
    const stop = cell.subscribe(() => look())
    const look = () => {
      if (!met(cell.get())) return
      stop()
      resolve()
    }
    look()
  })
