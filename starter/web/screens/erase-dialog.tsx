import { useId, useState } from 'preact/hooks'
import { Field } from '../parts/field.js'
import { FormProblem } from '../parts/form-problem.js'
import { useForm } from '../parts/use-form.js'
import { useModal } from '../parts/use-modal.js'
import { useProof } from '../parts/use-proof.js'
import { useApp } from '../state/app-state.js'
import { bareHandle } from '../state/route.js'
import { accountTexts } from '../text/account-texts.js'

const t = accountTexts.data

/** Asks whoever deletes their account to write their handle: a click alone is too little for what nobody can bring back. */
export function EraseDialog({ handle, close }: { readonly handle: string; readonly close: () => void }) {
  const app = useApp()
  const dialog = useModal()
  const id = useId()
  const [written, setWritten] = useState('')
  const form = useForm<'handle'>()
  const { withProof, dialog: proving } = useProof()

  const check = () => (same(bareHandle(written), handle) ? {} : { handle: t.otherHandle })
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{t.sureTitle}</h2>
      <form
        ref={form.ref}
        class="form"
        noValidate
        onSubmit={(event) => void form.submit(event, check, () => withProof((proof) => app.erase(proof)))}
      >
        <p class="dialog-text">{t.sureLead(handle)}</p>
        <FormProblem text={form.problems.form} />
        <Field
          label={t.handle}
          value={written}
          onText={setWritten}
          error={form.problems.handle}
          autocomplete="off"
          exact
          maxLength={64}
        />
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {t.keep}
          </button>
          <button type="submit" class="button danger" aria-disabled={form.busy}>
            {t.end}
          </button>
        </div>
      </form>
      {proving}
    </dialog>
  )
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
