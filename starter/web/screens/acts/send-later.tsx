import { useId, useState } from 'preact/hooks'
import { untilTime } from '../../format/dates.js'
import { localTime, sendTimes, timeOf } from '../../format/send-times.js'
import type { SendTime } from '../../format/send-times.js'
import { FormProblem } from '../../parts/form-problem.js'
import { SubmitButton } from '../../parts/submit-button.js'
import { useForm } from '../../parts/use-form.js'
import { useModal } from '../../parts/use-modal.js'
import { useChat } from '../../state/app-state.js'
import { actsTexts } from '../../text/acts-texts.js'
import { actText } from '../../text/act-text.js'
import { texts } from '../../text/texts.js'
import { TimeField } from './time-field.js'

const t = actsTexts.later

/** A message that was written, and where it is to go. */
export interface Written {
  readonly to: string | { readonly user: string }
  readonly body: Readonly<Record<string, unknown>> & { readonly text: string }
}

/** Asks when a message is to be sent. */
export function SendLater({
  written: { to, body },
  done,
  close,
}: {
  readonly written: Written
  /** It waits on the server. */
  readonly done: () => void
  readonly close: () => void
}) {
  const { chat } = useChat()
  const dialog = useModal()
  const id = useId()
  // One id for all tries: after a lost answer it is one message.
  const [clientId] = useState(() => crypto.randomUUID())
  const [now] = useState(() => Date.now())
  const [chosen, choose] = useState<SendTime['name'] | 'other'>('hour')
  const [other, setOther] = useState(() => localTime(now + 3_600_000))
  const form = useForm<'at'>({ ACTIONS_WHEN: 'at' }, actText)
  const offered = sendTimes(now)
  const free = chosen === 'other'
  const at = offered.find(({ name }) => name === chosen)?.at ?? timeOf(other)

  const check = () => (Number.isNaN(at) || at <= Date.now() ? { at: t.when } : {})
  async function send() {
    await chat.actions.schedule({ to, body: { ...body }, at, id: clientId })
    dialog.current?.close()
    done()
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{t.title}</h2>
      <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, send)}>
        <p class="menu-message" dir="auto">
          {body.text}
        </p>
        <FormProblem text={form.problems.form ?? (free ? undefined : form.problems.at)} />
        <fieldset class="choices">
          <legend>{t.legend}</legend>
          {[...offered, { name: 'other', at: undefined } as const].map(({ name, at: when }) => (
            <label key={name} class="check">
              <input
                type="radio"
                name={id}
                checked={chosen === name}
                onChange={() => {
                  choose(name)
                  form.clear()
                }}
              />
              {when === undefined ? t.times[name] : t.at(t.times[name], untilTime(when, now))}
            </label>
          ))}
        </fieldset>
        {free && <TimeField label={t.time} value={other} onText={setOther} error={form.problems.at} />}
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <SubmitButton busy={form.busy}>{t.confirm}</SubmitButton>
        </div>
      </form>
    </dialog>
  )
}
