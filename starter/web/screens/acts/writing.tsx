import type { Signal } from '@preact/signals'
import { messageWords } from '../../format/message-words.js'
import { Icon } from '../../parts/icon.js'
import { useChat } from '../../state/app-state.js'
import type { Message } from '../../state/connect-chat.js'
import { actsTexts } from '../../text/acts-texts.js'

const t = actsTexts.composer

/** What one writes is an answer, or another text of an own message. */
export type Write =
  | { readonly kind: 'reply'; readonly message: Message }
  | { readonly kind: 'edit'; readonly message: Message; readonly text: Signal<string> }

/** Says so above the field. */
export function Writing({ writing: { kind, message }, end }: { readonly writing: Write; readonly end: () => void }) {
  const { nameOf } = useChat()
  const replying = message.own ? t.replyingOwn : t.replying(nameOf(message.from))
  const label = kind === 'edit' ? t.endEdit : t.endReply
  return (
    <div class="writing">
      <Icon name={kind === 'edit' ? 'pencil' : 'reply'} />
      <p>
        <span class="quote-name">{kind === 'edit' ? t.editing : replying}</span>
        <span class="quote-text" dir="auto">
          {messageWords(message)}
        </span>
      </p>
      <button type="button" class="icon-button" aria-label={label} title={label} onClick={end}>
        <Icon name="close" />
      </button>
    </div>
  )
}
