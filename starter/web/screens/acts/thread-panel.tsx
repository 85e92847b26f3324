import { signal } from '@preact/signals'
import { Fragment } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { messageRows } from '../../format/message-rows.js'
import { Composer } from '../../parts/composer.js'
import { Icon } from '../../parts/icon.js'
import { useRoving } from '../../parts/use-roving.js'
import { useChat } from '../../state/app-state.js'
import { asMessage } from '../../state/as-message.js'
import type { Acted, Conversation, Message } from '../../state/connect-chat.js'
import { useReadable } from '../../state/readable.js'
import { actsTexts } from '../../text/acts-texts.js'
import { errorText } from '../../text/error-text.js'
import { MessageBubble } from '../message-bubble.js'
import type { MessageTools } from './message-tools.js'
import { useOriginals } from './use-originals.js'

const t = actsTexts.thread

/** The thread of a message: beside the conversation, on phones in its place. */
export function ThreadPanel({
  conversation,
  root,
  tools,
  named,
  send,
  details,
  close,
}: {
  readonly conversation: Conversation
  /** The message it begins with. */
  readonly root: number
  readonly tools: MessageTools
  /** There are several people in it. */
  readonly named: boolean
  /** Nothing, where one may not write. */
  readonly send: ((text: string) => void) | undefined
  readonly details: (message: Message) => void
  readonly close: () => void
}) {
  const { chat, status, nameOf } = useChat()
  const { answers, more, older, problem } = useThread(conversation, root)
  const draft = useMemo(() => signal(''), [root])
  const title = useRef<HTMLHeadingElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const originalOf = useOriginals(conversation.id, answers)
  const byKey = new Map(answers.map((acted) => [acted.message.key, acted]))
  const messages = answers.map(({ message }) => message)
  const rows = messageRows(messages, undefined).flatMap((row) => (row.kind === 'message' ? row : []))
  const last = messages.at(-1)
  const roving = useRoving(
    rows.map(({ key }) => key),
    last?.key,
  )
  const connected = status.value.link === 'online' || status.value.link === 'resyncing'

  useEffect(() => {
    const writes = matchMedia('(pointer: fine)').matches
    const box = writes && title.current?.closest('.thread-panel')?.querySelector<HTMLElement>('textarea')
    ;(box || title.current)?.focus({ preventScroll: true })
  }, [root])
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight, behavior: 'instant' })
  }, [last?.key])

  return (
    <section
      class="thread-panel"
      aria-label={t.label}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && close()}
    >
      <header class="page-head">
        <div class="page-title">
          <h2 ref={title} tabIndex={-1}>
            {t.title}
          </h2>
        </div>
        <button type="button" class="icon-button" aria-label={t.close} title={t.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <div
        ref={list}
        class="messages"
        role="log"
        aria-live="off"
        aria-label={t.label}
        onKeyDown={roving.onKeyDown}
        onFocusIn={roving.onFocusIn}
      >
        <div class="messages-content">
          {problem && <p class="quiet">{problem}</p>}
          {rows.map(({ key, message }, index) => (
            <Fragment key={key}>
              <MessageBubble
                acted={byKey.get(key)!}
                tools={tools}
                original={originalOf(byKey.get(key)!)}
                name={nameOf(message.from)}
                named={named}
                first
                last
                connected={connected}
                worded={message.state === 'queued'}
                found={false}
                threaded
                tabIndex={roving.tabIndex(key)}
                retry={() => chat.outbox.retry(message.clientId)}
                details={() => details(message)}
                discard={() => chat.outbox.drop(message.clientId)}
              />
              {index === 0 && (
                <p class="thread-line">
                  {more ? (
                    <button type="button" class="link-button" onClick={older}>
                      {t.older}
                    </button>
                  ) : rows.length > 1 ? (
                    actsTexts.message.answers(rows.length - 1)
                  ) : (
                    t.none
                  )}
                </p>
              )}
            </Fragment>
          ))}
        </div>
      </div>
      {send && (
        <Composer
          label={t.composer}
          draft={draft}
          write={(text) => void (draft.value = text)}
          send={(text) => {
            send(text)
            draft.value = ''
          }}
        />
      )}
    </section>
  )
}

/** The message a thread begins with and its answers: those that are here, and before them what the server tells. */
function useThread({ id, messages }: Conversation, root: number) {
  const { chat, user, status } = useChat()
  const here = useReadable(messages)
  const removed = useReadable(chat.actions.removedIn(id))
  const [told, setTold] = useState<readonly Message[]>([])
  const [more, setMore] = useState(false)
  const [problem, setProblem] = useState<string>()
  const connected = status.value.link === 'online'
  const learn = (found: readonly Message[]) =>
    setTold((known) => [...new Map([...known, ...found].map((message) => [message.seq, message])).values()])

  async function fetch(before?: number) {
    try {
      const [page, first] = await Promise.all([
        chat.actions.thread({ conversation: id, seq: root, ...(before !== undefined && { before }) }),
        chat.actions.entries({ conversation: id, seqs: [root] }),
      ])
      learn([...page.entries, ...first.entries].map((entry) => asMessage(entry, id, user)))
      setMore(page.more)
      setProblem(undefined)
    } catch (error) {
      setProblem(errorText(error, actsTexts.errors))
    }
  }
  const first = here.find(({ seq }) => seq > 0)?.seq ?? Infinity
  const edited = here.findLast((one) => one.type === 'act' && one.what === 'edited' && one.of < first)?.seq
  useEffect(() => setTold([]), [root])
  useEffect(() => {
    if (connected) void fetch()
  }, [root, connected, edited])

  const all = [...told.filter(({ seq }) => seq < first).toSorted((a, b) => a.seq - b.seq), ...here]
  const inThread = ({ message }: Acted) => message.seq === root || ('thread' in message && message.thread === root)
  const answers: readonly Acted[] = chat.actions.acted(all, removed).filter(inThread)
  const oldest = answers.find(({ message }) => message.seq !== root)?.message.seq
  return { answers, more, problem, older: () => void fetch(oldest) }
}
