import { isErased, messageWords } from '../../format/message-words.js'
import { useChat } from '../../state/app-state.js'
import type { Message } from '../../state/connect-chat.js'
import { actsTexts } from '../../text/acts-texts.js'
import { texts } from '../../text/texts.js'

const t = actsTexts.message

/** What a message answers, in its words or in those that stand for it. */
export type Original = Message | 'deleted' | undefined

/** What a message answers, above it. A click leads there. */
export function Quote({
  original,
  jump,
  tabIndex,
}: {
  readonly original: Original
  readonly jump: () => void
  readonly tabIndex: 0 | -1
}) {
  const { nameOf } = useChat()
  if (original === 'deleted' || (original && (original.type === 'deleted' || isErased(original)))) {
    return (
      <p class="quote">
        <span class="visually-hidden">{t.inReply} </span>
        <span class="quote-text">{t.gone}</span>
      </p>
    )
  }
  const name = original && (original.own ? texts.groups.youFirst : nameOf(original.from))
  const words = original && messageWords(original)
  return (
    <button type="button" class="quote" tabIndex={tabIndex} onClick={jump}>
      <span class="visually-hidden">{t.inReply} </span>
      {name !== undefined && (
        <span class="quote-name">
          <bdi>{name}</bdi>
          <span class="visually-hidden">: </span>
        </span>
      )}
      <span class="quote-text" dir="auto">
        {words ?? t.absent}
      </span>
    </button>
  )
}
