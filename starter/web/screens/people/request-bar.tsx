import { useAct } from '../../parts/use-act.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.people

/** Above a conversation with somebody who asks to be friends. */
export function RequestBar({ user }: { readonly user: string }) {
  const { chat, friends, nameOf } = useChat()
  const { act, problem } = useAct()
  const asks = friends.value.incoming.find((contact) => contact.user === user)
  if (!asks) return null
  const name = nameOf(user)
  return (
    <section class="request-bar" aria-label={t.wants(name)}>
      <p>
        <b>{t.wants(name)}</b>
        {asks.note && <q dir="auto">{asks.note}</q>}
      </p>
      {problem && <p role="alert">{problem}</p>}
      <div class="button-row">
        <button
          type="button"
          class="button small primary"
          onClick={() => void act(() => chat.friends.accept({ user }), t.friendsNow(name))}
        >
          {t.accept}
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => void act(() => chat.friends.reject({ user }), t.rejected(name))}
        >
          {t.reject}
        </button>
      </div>
    </section>
  )
}
