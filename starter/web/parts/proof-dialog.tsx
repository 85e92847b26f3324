import { useId, useState } from 'preact/hooks'
import { useApp } from '../state/app-state.js'
import { ofPassword } from '../text/of-password.js'
import { texts } from '../text/texts.js'
import { accountTexts } from '../text/account-texts.js'
import { Field } from './field.js'
import { FormProblem } from './form-problem.js'
import { PasswordField } from './password-field.js'
import { SubmitButton } from './submit-button.js'
import { useForm } from './use-form.js'
import { useModal } from './use-modal.js'
import type { Proof } from './use-proof.js'

const t = accountTexts.proof

/** Asks who sits here for the password, and for a code where the account wants one. */
export function ProofDialog({
  act,
  close,
}: {
  readonly act: (proof: Proof) => Promise<void>
  readonly close: () => void
}) {
  const { account } = useApp()
  const dialog = useModal()
  const id = useId()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const form = useForm<'password'>({ wrongPassword: 'password' })

  const check = () => (password ? {} : { password: accountTexts.password.currentMissing })
  async function prove() {
    const written = code.replaceAll(/\s/g, '')
    await act({ password, ...(written && { code: written }) }).catch((error: unknown) => {
      throw ofPassword(error)
    })
    dialog.current?.close()
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{t.title}</h2>
      <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, prove)}>
        <p class="dialog-text">{t.lead}</p>
        <FormProblem text={form.problems.form} />
        <input type="text" name="username" autocomplete="username" value={account.value?.handle} hidden readonly />
        <PasswordField
          label={t.password}
          value={password}
          onText={setPassword}
          error={form.problems.password}
          autocomplete="current-password"
          maxLength={512}
        />
        <Field
          label={t.code}
          value={code}
          onText={setCode}
          hint={t.codeHint}
          autocomplete="one-time-code"
          exact
          maxLength={16}
        />
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <SubmitButton busy={form.busy}>{t.submit}</SubmitButton>
        </div>
      </form>
    </dialog>
  )
}
