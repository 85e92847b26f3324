import { useId } from 'preact/hooks'
import type { Scheduled } from '@natter/actions/client'
import { FormProblem } from '../../parts/form-problem.js'
import { Icon } from '../../parts/icon.js'
import { useAct } from '../../parts/use-act.js'
import { useModal } from '../../parts/use-modal.js'
import { useChat } from '../../state/app-state.js'
import type { Conversation } from '../../state/connect-chat.js'
import { useReadable } from '../../state/readable.js'
import { actText } from '../../text/act-text.js'
import { actsTexts } from '../../text/acts-texts.js'
import { texts } from '../../text/texts.js'
import { WaitingMessage } from './waiting-message.js'
import type { MentionsOf } from './waiting-message.js'

const t = actsTexts.later

/** My messages to a conversation that are to be sent at a time, and those that were refused then. */
function useWaiting(conversation: string): readonly Scheduled[] {
  const { chat } = useChat()
  return useReadable(chat.actions.scheduledMessages()).filter((one) => one.conversation === conversation)
}

/** Says that there are some, above where one writes. */
export function WaitingBar({ conversation, open }: { readonly conversation: string; readonly open: () => void }) {
  const waiting = useWaiting(conversation)
  if (waiting.length === 0) return null
  const refused = waiting.filter(({ state }) => state === 'refused').length
  return (
    <button type="button" class="waiting-bar" data-refused={refused > 0} onClick={open}>
      <Icon name={refused > 0 ? 'alert' : 'clock'} />
      {refused > 0 ? t.refusedMany(refused) : t.waiting(waiting.length)}
    </button>
  )
}

/** Each with its time. It can be changed, sent at once, or called off. */
export function WaitingMessages({
  conversation,
  mentions,
  close,
}: {
  readonly conversation: Conversation
  readonly mentions: MentionsOf
  readonly close: () => void
}) {
  const { chat } = useChat()
  const dialog = useModal()
  const id = useId()
  const waiting = useWaiting(conversation.id)
  const { act, problem } = useAct(actText)

  /** What had the focus goes with the message. */
  async function end(what: () => Promise<unknown>, words: string) {
    if (await act(what, words)) dialog.current?.querySelector<HTMLElement>('.dialog-buttons button')?.focus()
  }
  const callOff = ({ id: one }: Scheduled) => chat.actions.unschedule({ conversation: conversation.id, id: one })
  async function sendNow(one: Scheduled) {
    // Sent first: should the page end in between, it goes at its time under the same id, and so only once.
    conversation.send(one.body as Parameters<Conversation['send']>[0], { id: one.id })
    await callOff(one)
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{t.waitingTitle}</h2>
      <FormProblem text={problem} />
      {waiting.length === 0 && <p class="dialog-text">{t.none}</p>}
      <ul role="list" class="waiting">
        {waiting.map((one) => (
          <WaitingMessage
            key={one.id}
            waiting={one}
            mentions={mentions}
            sendNow={() => void end(() => sendNow(one), t.sent)}
            callOff={() => void end(() => callOff(one), t.calledOff)}
          />
        ))}
      </ul>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
    </dialog>
  )
}
