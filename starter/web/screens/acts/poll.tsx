import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../parts/icon.js'
import { useChat } from '../../state/app-state.js'
import type { Acted, Message } from '../../state/connect-chat.js'
import { wishedVote } from '../../state/wishes.js'
import { actsTexts } from '../../text/acts-texts.js'
import type { MessageTools } from './message-tools.js'

const t = actsTexts.poll

/** A question, its answers with how often each was chosen, and one's own choice: a click chooses, another takes it back. */
export function Poll({
  acted: { poll },
  acted,
  message,
  tools,
  tabIndex,
}: {
  readonly acted: Acted
  readonly message: Extract<Message, { type: 'poll' }>
  readonly tools: MessageTools
  readonly tabIndex: 0 | -1
}) {
  const me = useBallot(message)
  if (!poll) return null
  const stands = poll.ballots.find(({ by }) => by === me)?.choices ?? []
  const mine = wishedVote(tools.wishes, message.seq) ?? stands
  const counts = poll.counts.map((n, option) => n + Number(mine.includes(option)) - Number(stands.includes(option)))
  const voters = poll.ballots.length + Number(mine.length > 0) - Number(stands.length > 0)
  const open = !poll.closed && message.seq > 0

  function choose(option: number) {
    if (!open) return
    const others = message.multi ? mine.filter((one) => one !== option) : []
    tools.vote(acted, mine.includes(option) ? others : [...others, option].toSorted((a, b) => a - b))
  }
  return (
    <div class="poll" role="group" aria-label={message.question}>
      <p class="poll-question">{message.question}</p>
      <p class="poll-detail">
        {poll.closed
          ? t.closed
          : [message.multi ? t.several : t.single, message.anonymous && t.secret].filter(Boolean).join(' · ')}
      </p>
      <ul role="list">
        {message.options.map((words, option) => {
          const chosen = mine.includes(option)
          const n = counts[option] ?? 0
          return (
            <li key={option}>
              <button
                type="button"
                class="poll-option"
                aria-pressed={chosen}
                aria-disabled={!open}
                tabIndex={tabIndex}
                onClick={() => choose(option)}
              >
                <span class="poll-words" dir="auto">
                  {chosen && <Icon name="check" />}
                  {words}
                </span>
                <span class="poll-count" aria-hidden="true">
                  {n}
                </span>
                <span class="visually-hidden">, {t.votes(n)}</span>
                <span class="poll-bar" style={{ inlineSize: `${voters > 0 ? (n / voters) * 100 : 0}%` }} />
              </button>
            </li>
          )
        })}
      </ul>
      <p class="poll-detail">{t.people(voters)}</p>
    </div>
  )
}

/** What stands for me in a poll: in an anonymous one an id that is nobody's. */
function useBallot({ anonymous, conversation, seq }: Extract<Message, { type: 'poll' }>): string {
  const { chat, user, status } = useChat()
  const [as, setAs] = useState(user)
  const connected = status.value.link === 'online'
  useEffect(() => {
    if (!anonymous || seq === 0 || !connected) return
    chat.actions.ballot({ conversation, seq }).then(
      (answer) => setAs(answer.as),
      // The next connection asks again.
      () => undefined,
    )
  }, [anonymous, seq, connected])
  return as
}
