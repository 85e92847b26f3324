import { useEffect, useState } from 'preact/hooks'
import { messageWords } from '../../format/message-words.js'
import { Icon } from '../../parts/icon.js'
import { asMessage } from '../../state/as-message.js'
import type { Acted, Conversation, Message } from '../../state/connect-chat.js'
import { useChat } from '../../state/app-state.js'
import { useReadable } from '../../state/readable.js'
import { actsTexts } from '../../text/acts-texts.js'

const t = actsTexts.pinned
const acts: readonly string[] = ['pinned', 'unpinned', 'deleted', 'edited']

/** What is pinned, one at a time. A click goes there, and the next one to the one before. */
export function PinnedBar({
  conversation,
  shown,
  jump,
}: {
  readonly conversation: Conversation
  readonly shown: readonly Acted[]
  readonly jump: (seq: number) => void
}) {
  const pinned = usePinned(conversation, shown)
  const [at, setAt] = useState(0)
  if (pinned.length === 0) return null
  const place = Math.min(at, pinned.length - 1)
  const message = pinned[place]!
  return (
    <aside class="pinned-bar" aria-label={t.label}>
      <button
        type="button"
        onClick={() => {
          jump(message.seq)
          setAt((place + 1) % pinned.length)
        }}
      >
        <Icon name="pin" />
        <span class="pinned-title">{pinned.length === 1 ? t.one : t.of(place + 1, pinned.length)}</span>
        <span class="pinned-text" dir="auto">
          {messageWords(message)}
        </span>
      </button>
    </aside>
  )
}

/** The newest first. What is on this page says so itself; of what is further back the server does. */
function usePinned({ id, messages, info }: Conversation, shown: readonly Acted[]): readonly Message[] {
  const { chat, status, user } = useChat()
  const [told, setTold] = useState<readonly Message[]>([])
  const all = useReadable(messages)
  const { head } = useReadable(info)
  const connected = status.value.link === 'online'
  const last = all.findLast((message) => message.type === 'act' && acts.includes(message.what))?.seq
  const first = all[0]?.seq ?? Infinity

  useEffect(() => {
    if (!connected || head === 0) return
    chat.actions.pins({ conversation: id }).then(
      ({ pins }) => setTold(pins.map(({ entry }) => asMessage(entry, id, user))),
      // The next connection asks again.
      () => undefined,
    )
  }, [connected, last, head === 0])

  const here = shown.filter(({ pinned, deleted }) => pinned && !deleted).map(({ message }) => message)
  const before = told.filter(({ seq }) => seq < first)
  return [...here, ...before].toSorted((a, b) => b.seq - a.seq)
}
