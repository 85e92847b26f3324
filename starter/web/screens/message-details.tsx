import { useId } from 'preact/hooks'
import { exactTime } from '../format/dates.js'
import { Avatar } from '../parts/avatar.js'
import { useLoaded } from '../parts/use-loaded.js'
import { useModal } from '../parts/use-modal.js'
import type { Message } from '../state/connect-chat.js'
import { useChat } from '../state/app-state.js'
import { codeOf } from '../text/error-text.js'
import { texts } from '../text/texts.js'
import { togetherTexts } from '../text/together-texts.js'

const t = togetherTexts.details

/** What became of one of my messages: when it went out, who has it, and who has read it. */
export function MessageDetails({ message, close }: { readonly message: Message; readonly close: () => void }) {
  const { chat } = useChat()
  const dialog = useModal()
  const id = useId()
  const { value, problem } = useLoaded(async () => {
    const asked = { conversation: message.conversation, seq: message.seq }
    return chat.offline.readBy(asked).catch((error: unknown) => {
      if (codeOf(error) === 'OFFLINE_GROUP_LARGE') return undefined
      throw error
    })
  })
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{t.title}</h2>
      <p class="dialog-text">{t.sentAt(exactTime(message.at))}</p>
      {problem && <p role="alert">{problem}</p>}
      {value && <Readers title={t.read} none={t.nobodyRead} users={value.read} />}
      {value && value.received.length > 0 && <Readers title={t.received} users={value.received} />}
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {texts.close}
        </button>
      </div>
    </dialog>
  )
}

function Readers({
  title,
  none,
  users,
}: {
  readonly title: string
  readonly none?: string
  readonly users: readonly string[]
}) {
  const { people, nameOf } = useChat()
  return (
    <section class="readers">
      <h3>{title}</h3>
      {users.length === 0 && <p class="field-hint">{none}</p>}
      <ul role="list">
        {users.map((user) => (
          <li key={user}>
            <Avatar id={user} name={nameOf(user)} src={people.of(user).value?.avatar} size="small" />
            <bdi>{nameOf(user)}</bdi>
          </li>
        ))}
      </ul>
    </section>
  )
}
