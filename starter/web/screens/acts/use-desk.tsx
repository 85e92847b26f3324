import { signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { isErased } from '../../format/message-words.js'
import { useAnnounce } from '../../parts/announcer.js'
import { useOpened } from '../../parts/use-opened.js'
import { useChat } from '../../state/app-state.js'
import type { Acted, Conversation, Message } from '../../state/connect-chat.js'
import { actsTexts } from '../../text/acts-texts.js'
import { texts } from '../../text/texts.js'
import type { Arrival } from '../message-list.js'
import type { Doing } from './message-menu.js'
import type { MessageTools } from './message-tools.js'
import type { Written } from './send-later.js'
import { offeredActs, mayEdit } from './offered.js'
import { useActs } from './use-acts.js'
import type { MentionsOf } from './waiting-message.js'
import type { Write } from './writing.js'

type Parts = typeof import('./later-acts.js')

/** What is open over the conversation. */
type Open =
  | { readonly kind: 'menu'; readonly acted: Acted; readonly at: HTMLElement }
  | { readonly kind: 'remove' | 'deleteForAll' | 'forward' | 'details'; readonly message: Message }
  | { readonly kind: 'poll' | 'waiting' }
  | { readonly kind: 'later'; readonly written: Written; readonly done: () => void }

/** So long a message that one was led to stands out, ms. */
const standsOut = 2_500

/** All that one does in a conversation beside writing: what is open, what is under way, and what went wrong. */
export function useDesk(conversation: Conversation, place: RefObject<HTMLElement | null>) {
  const { chat, rooms, user } = useChat()
  const { id } = conversation
  const acts = useActs(conversation)
  const announce = useAnnounce()
  const { opened, open, close } = useOpened<Open>()
  const [writing, write] = useState<Write>()
  const [thread, setThread] = useState<number>()
  const closed = useRef<number | undefined>(undefined)
  const [goal, setGoal] = useState<{ readonly seq: number }>()
  const [arrived, setArrived] = useState(false)
  const [parts, setParts] = useState<Parts>()
  const wanted = opened !== undefined || thread !== undefined

  useEffect(() => {
    // Fetched before it is wanted, so that it is there without a connection; else once more when it is.
    if (parts) return
    import('./later-acts.js').then(setParts, () => {
      if (!wanted) return
      close()
      setThread(undefined)
      acts.tell(texts.later.lead)
    })
  }, [wanted])

  useEffect(() => {
    if (!arrived) return undefined
    const timer = setTimeout(() => setGoal(undefined), standsOut)
    return () => clearTimeout(timer)
  }, [goal, arrived])
  useEffect(() => {
    if (!writing) return
    const box = place.current?.querySelector<HTMLTextAreaElement>('.composer textarea')
    box?.focus()
    box?.setSelectionRange(box.value.length, box.value.length)
  }, [writing])
  useLayoutEffect(() => {
    if (closed.current === undefined) return
    // On a phone the message is behind the thread until now.
    place.current?.querySelector<HTMLElement>(`[data-seq="${closed.current}"]`)?.focus()
    closed.current = undefined
  }, [thread])

  const toWrite = () => place.current?.querySelector<HTMLElement>('.composer textarea')?.focus()
  const change = (message: Message) => {
    if (message.type === 'text' || message.type === 'reply')
      write({ kind: 'edit', message, text: signal(message.text) })
  }
  /** On a phone the thread is in the place of the conversation. */
  const uncover = () => matchMedia('(width < 70rem)').matches && setThread(undefined)
  const endWriting = (next: Write | undefined) => {
    write(next)
    if (!next) toWrite()
  }

  async function copy(message: Message) {
    if (!('text' in message)) return
    try {
      await navigator.clipboard.writeText(message.text)
      announce(actsTexts.done.copied)
    } catch {
      acts.tell(actsTexts.errors.copy)
    }
  }
  function choose(doing: Doing, { message }: Acted) {
    const at = { conversation: id, seq: message.seq }
    const { done } = actsTexts
    switch (doing) {
      case 'reply':
        uncover()
        return write({ kind: 'reply', message })
      case 'thread':
        return setThread('thread' in message && typeof message.thread === 'number' ? message.thread : message.seq)
      case 'copy':
        return void copy(message)
      case 'edit':
        uncover()
        return change(message)
      case 'pin':
        return void acts.act(() => chat.actions.pin(at), done.pinned)
      case 'unpin':
        return void acts.act(() => chat.actions.unpin(at), done.unpinned)
      case 'closePoll':
        return void acts.act(() => chat.actions.closePoll(at), done.closed)
      default:
        return open({ kind: doing, message })
    }
  }

  const tools: MessageTools = {
    wishes: acts.wishes,
    menu: (acted, at) => open({ kind: 'menu', acted, at }),
    react({ message: { seq } }, emoji, on) {
      const asked = { conversation: id, seq, emoji }
      void acts.act(() => (on ? chat.actions.react(asked) : chat.actions.unreact(asked)), undefined, { seq, emoji, on })
    },
    vote({ message: { seq } }, choices) {
      void acts.act(() => chat.actions.vote({ conversation: id, seq, choices: [...choices] }), undefined, {
        seq,
        choices,
      })
    },
    jump(seq) {
      uncover()
      setArrived(false)
      setGoal({ seq })
    },
    thread: setThread,
  }

  function dialogs(may: boolean, mentions: MentionsOf) {
    if (!parts || !opened) return null
    const { what } = opened
    const { ConfirmDialog, ForwardDialog, MessageDetails, MessageMenu, NewPoll, SendLater, WaitingMessages } = parts
    switch (what.kind) {
      case 'menu': {
        const { acted, at } = what
        const role = rooms.of(id).value?.me.role
        const offered = offeredActs(acted, { me: user, may, role, now: Date.now() })
        const react =
          may && !acted.deleted && !isErased(acted.message)
            ? (emoji: string, on: boolean) => tools.react(acted, emoji, on)
            : undefined
        return (
          <MessageMenu
            key={opened}
            acted={acted}
            at={at}
            offered={offered}
            react={react}
            choose={(doing) => choose(doing, acted)}
            close={close}
          />
        )
      }
      case 'forward':
        return <ForwardDialog key={opened} message={what.message} close={close} />
      case 'details':
        return <MessageDetails key={opened} message={what.message} close={close} />
      case 'poll':
        return <NewPoll key={opened} conversation={conversation} close={close} />
      case 'later':
        return <SendLater key={opened} written={what.written} done={what.done} close={close} />
      case 'waiting':
        return <WaitingMessages key={opened} conversation={conversation} mentions={mentions} close={close} />
      case 'remove':
      case 'deleteForAll': {
        const { seq } = what.message
        const forAll = what.kind === 'deleteForAll'
        const t = actsTexts.deleting
        return (
          <ConfirmDialog
            key={opened}
            title={forAll ? t.allTitle : t.removeTitle}
            confirm={actsTexts.menu[what.kind]}
            act={async () => {
              await (forAll
                ? chat.actions.deleteForAll({ conversation: id, seq })
                : chat.actions.remove({ conversation: id, seqs: [seq] }))
              announce(forAll ? actsTexts.done.deleted : actsTexts.done.removed)
            }}
            close={close}
          >
            <p>{forAll ? t.allLead : t.removeLead}</p>
          </ConfirmDialog>
        )
      }
    }
  }

  return {
    tools,
    dialogs,
    writing,
    write: endWriting,
    goal,
    thread,
    /** What shows a thread, and what is to be sent, once it is here. */
    ThreadPanel: parts?.ThreadPanel,
    WaitingBar: parts?.WaitingBar,
    problem: acts.problem,
    dismiss: () => acts.tell(undefined),
    came(to: Arrival) {
      if (to === 'there') return setArrived(true)
      setGoal(undefined)
      acts.tell(
        to === 'offline' ? texts.errors.CLIENT_OFFLINE : actsTexts.message[to === 'far' ? 'tooFar' : 'notThere'],
      )
    },
    details: (message: Message) => open({ kind: 'details', message }),
    newPoll: () => open({ kind: 'poll' }),
    waiting: () => open({ kind: 'waiting' }),
    /** Asks when to send what was written; `then` it is no longer in the field. */
    sendLater(written: Written, then: () => void) {
      const done = () => {
        announce(actsTexts.later.done)
        then()
        toWrite()
      }
      open({ kind: 'later', written, done })
    },
    closeThread() {
      closed.current = thread
      setThread(undefined)
    },
    /** Changes what an own message says; what was written stays in the field where that comes to nothing. */
    edit(message: Message, fields: { readonly text: string; readonly mentions?: readonly string[] }) {
      const { text, mentions } = fields
      if ('text' in message && message.text === text) return endWriting(undefined)
      const asked = { conversation: id, seq: message.seq, text, ...(mentions && { mentions: [...mentions] }) }
      void acts.act(() => chat.actions.edit(asked), actsTexts.done.edited).then((done) => done && endWriting(undefined))
    },
    /** The last of my own that can be changed. */
    editLast(shown: readonly Acted[]) {
      const last = shown.findLast((acted) => mayEdit(acted, Date.now()))
      if (last) change(last.message)
    },
  }
}
