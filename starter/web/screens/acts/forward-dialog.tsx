import { useId, useState } from 'preact/hooks'
import { messageWords } from '../../format/message-words.js'
import { useAnnounce } from '../../parts/announcer.js'
import { Avatar } from '../../parts/avatar.js'
import { FormProblem } from '../../parts/form-problem.js'
import { SubmitButton } from '../../parts/submit-button.js'
import { useModal } from '../../parts/use-modal.js'
import { useApp, useChat } from '../../state/app-state.js'
import type { Message } from '../../state/connect-chat.js'
import { faceOf } from '../../state/face.js'
import { actsTexts } from '../../text/acts-texts.js'
import { codeText, errorText } from '../../text/error-text.js'
import { texts } from '../../text/texts.js'

const t = actsTexts.forward
/** The server takes so many places at once. */
const most = 20

/** Passes a text on to conversations. What some of them refuse is said, and the others have it. */
export function ForwardDialog({ message, close }: { readonly message: Message; readonly close: () => void }) {
  const state = useChat()
  const { account } = useApp()
  const { chat, conversations, user } = state
  const dialog = useModal()
  const id = useId()
  const announce = useAnnounce()
  // One key for all tries: after a lost answer nobody gets it twice.
  const [key, setKey] = useState(() => crypto.randomUUID())
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [named, setNamed] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const own = account.value
  const notes = own && chat.direct(own.id).id
  const places = conversations.value.filter(({ left }) => !left)
  const faces = places.map((info) => [info.id, faceOf(state, info)] as const)
  if (notes && !places.some((info) => info.id === notes)) faces.push([notes, faceOf(state, { id: notes, peer: user })])
  const nameOf = (place: string) => faces.find(([one]) => one === place)?.[1].name ?? texts.groups.unknown

  function choose(place: string, yes: boolean) {
    const next = new Set(chosen)
    if (yes) next.add(place)
    else next.delete(place)
    setChosen(next)
    setProblem(undefined)
    // Other places are another forward.
    setKey(crypto.randomUUID())
  }
  async function forward() {
    const to = [...chosen]
    // The notes to oneself may not be there before something is written there.
    const addresses = to.map((place) => (place === notes ? { user } : place))
    const { conversation, seq } = message
    const { sent } = await chat.actions.forward({ conversation, seq, to: addresses, key, named })
    const refused = sent.flatMap(({ error }, index) => (error === undefined ? [] : [[to[index]!, error] as const]))
    if (sent.length > refused.length) announce(actsTexts.done.forwarded(sent.length - refused.length))
    if (refused.length === 0) return dialog.current?.close()
    setChosen(new Set(refused.map(([place]) => place)))
    setKey(crypto.randomUUID())
    const why = (code: string) => codeText(code, actsTexts.errors)
    setProblem(refused.map(([place, code]) => t.refused(nameOf(place), why(code))).join(' '))
  }
  async function submit(event: Event) {
    event.preventDefault()
    if (busy) return
    const wrong = chosen.size === 0 ? t.nobody : chosen.size > most ? t.tooMany(most) : undefined
    setProblem(wrong)
    if (wrong) return
    setBusy(true)
    try {
      await forward()
    } catch (error) {
      setProblem(errorText(error, actsTexts.errors))
    } finally {
      setBusy(false)
    }
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{t.title}</h2>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <p class="menu-message" dir="auto">
          {messageWords(message)}
        </p>
        <p class="dialog-text">{t.lead}</p>
        <FormProblem text={problem} />
        <fieldset class="choices forward-to">
          <legend>{t.to}</legend>
          {faces.map(([place, { id: face, name, src }]) => (
            <label key={place} class="check">
              <input
                type="checkbox"
                checked={chosen.has(place)}
                onChange={(event) => choose(place, event.currentTarget.checked)}
              />
              <Avatar id={face} name={name} src={src} size="small" />
              <bdi>{name}</bdi>
            </label>
          ))}
        </fieldset>
        {!message.own && (
          <label class="check">
            <input type="checkbox" checked={named} onChange={(event) => setNamed(event.currentTarget.checked)} />
            {t.named}
          </label>
        )}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <SubmitButton busy={busy}>{t.send}</SubmitButton>
        </div>
      </form>
    </dialog>
  )
}
