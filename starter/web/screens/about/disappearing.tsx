import { useEffect, useState } from 'preact/hooks'
import { durationWords } from '../../format/duration.js'
import { Choice } from '../../parts/choice.js'
import { FormProblem } from '../../parts/form-problem.js'
import { useAct } from '../../parts/use-act.js'
import { useChat } from '../../state/app-state.js'
import { useReadable } from '../../state/readable.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.disappearing
const hour = 3_600_000
const offered = [0, hour, 24 * hour, 7 * 24 * hour, 90 * 24 * hour]

/** After how long the messages of a conversation disappear, for all who are in it. */
export function Disappearing({ conversation }: { readonly conversation: string }) {
  const { chat, rooms, status } = useChat()
  const { act, problem } = useAct()
  const [afterMs, setAfterMs] = useState<number>()
  const said = useReadable(chat.conversation(conversation).messages).findLast(({ type }) => type === 'timer')?.seq
  const connected = status.value.link === 'online'
  const room = rooms.named(conversation)
  const role = room && rooms.of(conversation).value?.me.role
  const may = !room || role === 'owner' || role === 'admin'

  useEffect(() => {
    if (!connected) return
    chat.actions.timer({ conversation }).then(
      (answer) => setAfterMs(answer.afterMs),
      // The next connection asks again.
      () => undefined,
    )
  }, [connected, said])

  if (afterMs === undefined) return null
  const words = (ms: number) => (ms === 0 ? t.off : t.after(durationWords(ms)))
  const all = offered.includes(afterMs) ? offered : [...offered, afterMs]
  return (
    <section>
      <h2>{t.title}</h2>
      <FormProblem text={problem} />
      {may ? (
        <>
          <Choice
            key={afterMs}
            label={t.label}
            value={String(afterMs)}
            options={all.map((ms) => [String(ms), words(ms)])}
            change={(chosen) => act(() => chat.actions.setTimer({ conversation, afterMs: Number(chosen) }), t.done)}
          />
          <p class="field-hint">{t.lead}</p>
        </>
      ) : (
        <p>{afterMs === 0 ? t.ledOff : t.led(durationWords(afterMs))}</p>
      )}
    </section>
  )
}
