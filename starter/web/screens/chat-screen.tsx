import { useEffect, useState } from 'preact/hooks'
import { Avatar } from '../parts/avatar.js'
import { Composer } from '../parts/composer.js'
import { Empty } from '../parts/empty.js'
import { PageHead } from '../parts/page-head.js'
import type { Conversation } from '../state/connect-chat.js'
import type { Person } from '../state/people.js'
import { useChat } from '../state/app-state.js'
import { codeOf, errorText } from '../text/error-text.js'
import { texts } from '../text/texts.js'
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
export function ChatById({ id }: { readonly id: string }) {
  const { chat, conversations } = useChat()
  const info = conversations.value.find((known) => known.id === id)
  return <ChatPane key={id} conversation={chat.conversation(id)} peer={info?.peer} />
}

function ChatPane({ conversation, peer }: { readonly conversation: Conversation; readonly peer: string | undefined }) {
  const { people, drafts, user } = useChat()
  const person = peer === undefined ? undefined : people.of(peer).value
  const self = peer === user
  const name = self ? texts.chat.self : (person?.name ?? texts.unknownPerson)
  const draft = drafts.of(conversation.id)
  return (
    <section class="chat" aria-label={texts.chat.label(name)}>
      <PageHead
        title={name}
        {...(person?.handle && person.handle !== name && !self ? { detail: texts.handleOf(person.handle) } : {})}
        avatar={<Avatar id={peer ?? conversation.id} name={person?.name ?? name} src={person?.avatar} />}
      />
      <MessageList
        conversation={conversation}
        name={name}
        beginning={
          <Beginning id={peer ?? conversation.id} name={person?.name ?? name} src={person?.avatar} self={self} />
        }
      />
      <Composer
        label={self ? texts.chat.composerSelf : texts.chat.composerLabel(name)}
        draft={draft}
        write={(text) => drafts.set(conversation.id, text)}
        send={(text) => {
          conversation.send({ text })
          drafts.set(conversation.id, '')
        }}
      />
    </section>
  )
}
