import { useId, useState } from 'preact/hooks'
import { Field } from '../../parts/field.js'
import { FormProblem } from '../../parts/form-problem.js'
import { Icon } from '../../parts/icon.js'
import { SubmitButton } from '../../parts/submit-button.js'
import { useForm } from '../../parts/use-form.js'
import { useModal } from '../../parts/use-modal.js'
import type { Conversation } from '../../state/connect-chat.js'
import { actsTexts } from '../../text/acts-texts.js'
import { texts } from '../../text/texts.js'

const t = actsTexts.poll
const most = 10

/** Asks a question with answers to choose from. It goes out like any message. */
export function NewPoll({ conversation, close }: { readonly conversation: Conversation; readonly close: () => void }) {
  const dialog = useModal()
  const id = useId()
  const [question, setQuestion] = useState('')
  const [options, setOptions] = useState<readonly string[]>(['', ''])
  const [multi, setMulti] = useState(false)
  const [anonymous, setAnonymous] = useState(false)
  const form = useForm<'question' | 'options'>()
  const written = [...new Set(options.map((option) => option.trim()).filter(Boolean))]

  const check = () => ({
    ...(!question.trim() && { question: t.questionMissing }),
    ...(written.length < 2 && { options: t.optionsMissing }),
  })
  async function send() {
    conversation.send({ type: 'poll', question: question.trim(), options: written, multi, anonymous })
    dialog.current?.close()
  }
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{t.title}</h2>
      <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, send)}>
        <FormProblem text={form.problems.form} />
        <Field
          label={t.question}
          value={question}
          onText={setQuestion}
          error={form.problems.question}
          autocomplete="off"
          maxLength={300}
          dir="auto"
        />
        {options.map((option, index) => (
          <Field
            key={index}
            label={t.option(index + 1)}
            value={option}
            onText={(text) => {
              setOptions(options.with(index, text))
              form.clear()
            }}
            error={index === Math.min(written.length, 1) ? form.problems.options : undefined}
            autocomplete="off"
            maxLength={100}
            dir="auto"
          />
        ))}
        {options.length < most && (
          <button type="button" class="button small fit" onClick={() => setOptions([...options, ''])}>
            <Icon name="plus" />
            {t.add}
          </button>
        )}
        <div>
          <label class="check">
            <input type="checkbox" checked={multi} onChange={(event) => setMulti(event.currentTarget.checked)} />
            {t.multi}
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={anonymous}
              onChange={(event) => setAnonymous(event.currentTarget.checked)}
            />
            {t.anonymous}
          </label>
        </div>
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <SubmitButton busy={form.busy}>{t.send}</SubmitButton>
        </div>
      </form>
    </dialog>
  )
}
