import { useChat } from '../../state/app-state.js'
import type { Acted } from '../../state/connect-chat.js'
import { wishedReactions } from '../../state/wishes.js'
import { actsTexts } from '../../text/acts-texts.js'
import { texts } from '../../text/texts.js'
import type { MessageTools } from './message-tools.js'

const t = actsTexts.message
/** So many names are said of a reaction; the others are counted. */
const named = 10

/** Who reacted to a message with what. A click adds one's own, or takes it back. */
export function Reactions({
  acted,
  tools,
  tabIndex,
}: {
  readonly acted: Acted
  readonly tools: MessageTools
  readonly tabIndex: 0 | -1
}) {
  const { user: me, nameOf } = useChat()
  const shown = wishedReactions(acted.reactions, tools.wishes, acted.message.seq, me)
  if (shown.length === 0) return null
  return (
    <ul class="reactions" role="list" aria-label={t.reactions}>
      {shown.map(({ emoji, users }) => {
        const mine = users.includes(me)
        const names = users.slice(0, named).map((user) => (user === me ? texts.groups.youFirst : nameOf(user)))
        const words = t.reaction(emoji, names, users.length - names.length)
        return (
          <li key={emoji}>
            <button
              type="button"
              class="reaction"
              aria-pressed={mine}
              aria-label={words}
              title={words}
              tabIndex={tabIndex}
              onClick={() => tools.react(acted, emoji, !mine)}
            >
              <span aria-hidden="true">{emoji}</span>
              {users.length > 1 && <span aria-hidden="true">{users.length}</span>}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
