import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Avatar } from '../parts/avatar.js'
import { Composer } from '../parts/composer.js'
import { Empty } from '../parts/empty.js'
import { Icon } from '../parts/icon.js'
import { GroupLine, useSilence } from '../parts/group-line.js'
import { Later } from '../parts/later.js'
import { PageHead } from '../parts/page-head.js'
import { PresenceDot } from '../parts/presence-dot.js'
import { PresenceLine, useWriters } from '../parts/presence-line.js'
import { useNow } from '../parts/use-now.js'
import type { Conversation, Message } from '../state/connect-chat.js'
import { faceOf } from '../state/face.js'
import type { Face } from '../state/face.js'
import type { Person } from '../state/people.js'
import { useReadable } from '../state/readable.js'
import { hashOf } from '../state/route.js'
import { useChat } from '../state/app-state.js'
import { mentionsIn } from '../format/mentions.js'
import { actsTexts } from '../text/acts-texts.js'
import { codeOf, errorText } from '../text/error-text.js'
import { texts } from '../text/texts.js'
import { Notice } from './acts/notice.js'
import { PinnedBar } from './acts/pinned-bar.js'
import { useDesk } from './acts/use-desk.js'
import { Writing } from './acts/writing.js'
import { Beginning } from './message-bubble.js'
import { MessageList } from './message-list.js'

/** The conversation with whoever has this handle: this is where an invite link leads. */
export function ChatWith({ handle }: { readonly handle: string }) {
  const { chat, people, status } = useChat()
  const [failure, setFailure] = useState<unknown>()
  const [tries, setTries] = useState(0)
  const connected = status.value.link === 'online'
  const [found, setFound] = useState<Person | undefined>(() => people.byHandle(handle))
  const person = found ?? people.byHandle(handle)

  useEffect(() => {
    if (person || !connected) return undefined
    const stop = new AbortController()
    chat.auth.find({ handle }, { signal: stop.signal }).then(
      (answer) => {
        people.learn(answer)
        setFound(answer)
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setFailure(error)
      },
    )
    return () => stop.abort()
  }, [handle, connected, tries])

  if (person) return <ChatPane key={person.id} conversation={chat.direct(person.id)} peer={person.id} />
  if (codeOf(failure) === 'NATTER_NOT_AVAILABLE' || codeOf(failure) === 'NATTER_INVALID') {
    return (
      <>
        <PageHead title={texts.handleOf(handle)} />
        <Empty title={texts.chat.nobodyTitle(handle)} lead={texts.chat.nobodyLead} />
      </>
    )
  }
  return (
    <>
      <PageHead title={texts.handleOf(handle)} />
      {failure === undefined ? (
        <p class="quiet">{texts.chat.looking}</p>
      ) : (
        <Empty title={texts.errors.unknown} lead={errorText(failure)}>
          <button
            type="button"
            class="button"
            onClick={() => {
              setFailure(undefined)
              setTries(tries + 1)
            }}
          >
            {texts.retry}
          </button>
        </Empty>
      )}
    </>
  )
}

/** A conversation by its id. */
export function ChatById({ id, goal }: { readonly id: string; readonly goal: Goal }) {
  const { chat, conversations } = useChat()
  const info = conversations.value.find((known) => known.id === id)
  return <ChatPane key={id} conversation={chat.conversation(id)} peer={info?.peer} goal={goal} />
}

/** What disappears later is looked at again with the minute, ms. */
const longest = 120_000

/** A message to go to, by its seq: once for each of these. */
interface Goal {
  readonly at?: number
}

function ChatPane({
  conversation,
  peer,
  goal,
}: {
  readonly conversation: Conversation
  readonly peer: string | undefined
  readonly goal?: Goal
}) {
  const state = useChat()
  const { chat, drafts, people } = state
  const face = faceOf(state, { id: conversation.id, peer })
  const { kind, id, name, src } = face
  const place = useRef<HTMLElement>(null)
  const messages = useReadable(conversation.messages)
  const removed = useReadable(chat.actions.removedIn(conversation.id))
  const minute = useNow()
  const [gone, setGone] = useState(0)
  const shown = useMemo(() => chat.actions.acted(messages, removed), [messages, removed, minute, gone])
  useEffect(() => {
    // What disappears does so at its time, also without a connection.
    const next = Math.min(...shown.map(({ expires = Infinity }) => expires)) - Date.now()
    if (next > longest) return undefined
    const timer = setTimeout(() => setGone(Date.now()), Math.max(next, 0) + 50)
    return () => clearTimeout(timer)
  }, [shown])
  const desk = useDesk(conversation, place)
  const { writing, thread, ThreadPanel } = desk
  const silent = useSilence(kind === 'group' ? conversation : undefined)
  const may = !silent
  const group = kind === 'group' ? id : undefined
  const mentions = (text: string) => {
    const meant = kind === 'group' ? mentionsIn(text, (written) => people.byHandle(written)?.id) : []
    return meant.length > 0 ? { mentions: [...meant] } : {}
  }
  useEffect(() => {
    // Who opens what they marked as unread has looked at it again.
    if (!state.standing(conversation.info.get()).marked) return
    chat.offline.set({ conversation: conversation.id, unread: null }).catch(() => undefined)
  }, [])

  useEffect(() => {
    if (goal?.at === undefined) return
    desk.tools.jump(goal.at)
    // So that who follows the same link again goes there again.
    history.replaceState(null, '', hashOf({ name: 'conversation', id: conversation.id }))
  }, [goal])

  const bodyOf = (text: string) => {
    const body = { text, ...mentions(text) }
    if (writing?.kind !== 'reply') return body
    return { type: 'reply', to: writing.message.seq, ...threadOf(writing.message), ...body } as const
  }
  function written() {
    if (writing) desk.write(undefined)
    drafts.set(conversation.id, '')
  }
  function send(text: string) {
    conversation.send(bodyOf(text))
    written()
  }
  return (
    <section
      ref={place}
      class="chat"
      data-thread={thread !== undefined && ThreadPanel !== undefined}
      aria-label={texts.chat.label(name)}
    >
      <PageHead
        title={name}
        detail={<ChatDetail conversation={conversation.id} face={face} />}
        avatar={
          <span class="avatar-place">
            <Avatar id={id} name={name} src={src} />
            {kind === 'person' && <PresenceDot user={id} />}
          </span>
        }
      >
        {kind !== 'self' && (
          <a
            class="icon-button"
            href={hashOf({ name: 'about', id: conversation.id })}
            aria-label={texts.chat.about}
            title={texts.chat.about}
          >
            <Icon name="info" />
          </a>
        )}
      </PageHead>
      {kind === 'person' && <Later small load={requestBar} props={{ user: id }} />}
      <PinnedBar conversation={conversation} shown={shown} jump={desk.tools.jump} />
      <MessageList
        conversation={conversation}
        shown={shown}
        tools={desk.tools}
        goal={desk.goal}
        came={desk.came}
        details={desk.details}
        name={name}
        named={kind === 'group'}
        beginning={<Beginning id={id} name={name} src={src} kind={kind} />}
      />
      <Notice text={desk.problem} close={desk.dismiss} />
      {desk.WaitingBar && <desk.WaitingBar conversation={conversation.id} open={desk.waiting} />}
      {silent && <p class="composer silent">{silent}</p>}
      {may && writing?.kind === 'edit' && (
        <Composer
          key={`edit ${writing.message.seq}`}
          group={group}
          label={actsTexts.composer.editing}
          action={actsTexts.composer.save}
          draft={writing.text}
          write={(text) => void (writing.text.value = text)}
          send={(text) => desk.edit(writing.message, { text, ...mentions(text) })}
          before={<Writing writing={writing} end={() => desk.write(undefined)} />}
          onEscape={() => desk.write(undefined)}
        />
      )}
      {may && writing?.kind !== 'edit' && (
        <Composer
          key="new"
          group={group}
          label={kind === 'self' ? texts.chat.composerSelf : texts.chat.composerLabel(name)}
          draft={drafts.of(conversation.id)}
          write={(text) => {
            drafts.set(conversation.id, text)
            if (kind !== 'self' && text.trim()) chat.presence.writing(conversation.id)
          }}
          send={send}
          later={{
            label: actsTexts.later.open,
            send: (text) =>
              desk.sendLater(
                { to: peer === undefined ? conversation.id : { user: peer }, body: bodyOf(text) },
                written,
              ),
          }}
          before={writing && <Writing writing={writing} end={() => desk.write(undefined)} />}
          beside={
            <button
              type="button"
              class="icon-button"
              aria-label={actsTexts.composer.poll}
              title={actsTexts.composer.poll}
              onClick={desk.newPoll}
            >
              <Icon name="plus" />
            </button>
          }
          onUp={() => desk.editLast(shown)}
          onEscape={writing && (() => desk.write(undefined))}
        />
      )}
      {thread !== undefined && ThreadPanel && (
        <ThreadPanel
          conversation={conversation}
          root={thread}
          tools={desk.tools}
          named={kind === 'group'}
          details={desk.details}
          send={
            may
              ? (text) => {
                  conversation.send({ type: 'reply', to: thread, thread, text, ...mentions(text) })
                }
              : undefined
          }
          close={desk.closeThread}
        />
      )}
      {desk.dialogs(may, mentions)}
    </section>
  )
}

/** An answer to what stands in a thread stands in it too. */
const threadOf = (message: Message) =>
  'thread' in message && typeof message.thread === 'number' ? { thread: message.thread } : {}

const requestBar = () => import('./people/request-bar.js').then(({ RequestBar }) => RequestBar)

/** Who is writing; else how the person is, or their handle. */
function ChatDetail({ conversation, face }: { readonly conversation: string; readonly face: Face }) {
  const { kind, id, name, handle } = face
  const writers = useWriters(useChat(), conversation)
  if (writers) return <>{writers}</>
  if (kind === 'group') return <GroupLine group={id} />
  if (kind === 'self') return null
  return <PresenceLine user={id} otherwise={handle && handle !== name ? texts.handleOf(handle) : undefined} />
}
