import { useState } from 'preact/hooks'
import { Field } from '../parts/field.js'
import { FormProblem } from '../parts/form-problem.js'
import { PasswordField } from '../parts/password-field.js'
import { SubmitButton } from '../parts/submit-button.js'
import { useForm } from '../parts/use-form.js'
import { useApp } from '../state/app-state.js'
import { bareHandle } from '../state/route.js'
import { accountTexts } from '../text/account-texts.js'

const t = accountTexts.recover

/** Back in with a one-time code and a new password. */
export function Recover({
  handle,
  setHandle,
  back,
}: {
  readonly handle: string
  readonly setHandle: (text: string) => void
  readonly back: () => void
}) {
  const app = useApp()
  const [code, setCode] = useState('')
  const [password, setPassword] = useState('')
  const form = useForm<'handle' | 'code' | 'password'>({
    AUTH_RECOVERY_REFUSED: 'code',
    AUTH_PASSWORD_WEAK: 'password',
  })

  const check = () => ({
    ...(bareHandle(handle) ? {} : { handle: accountTexts.entrance.loginHandleMissing }),
    ...(code.trim() ? {} : { code: t.codeMissing }),
    ...(password ? {} : { password: accountTexts.entrance.passwordMissing }),
  })
  const recover = async () =>
    app.answered(await app.session.recover({ handle: bareHandle(handle), code: code.trim(), password }))

  return (
    <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, recover)}>
      <p>{t.lead}</p>
      <FormProblem text={form.problems.form} />
      <Field
        label={accountTexts.entrance.handle}
        name="username"
        value={handle}
        onText={setHandle}
        error={form.problems.handle}
        autocomplete="username"
        exact
        maxLength={64}
      />
      <Field
        label={t.code}
        value={code}
        onText={setCode}
        error={form.problems.code}
        autocomplete="one-time-code"
        exact
        maxLength={64}
      />
      <PasswordField
        label={t.newPassword}
        value={password}
        onText={setPassword}
        hint={accountTexts.entrance.passwordHint}
        error={form.problems.password}
        autocomplete="new-password"
        maxLength={512}
      />
      <SubmitButton busy={form.busy}>{t.submit}</SubmitButton>
      <button type="button" class="link-button" onClick={back}>
        {t.back}
      </button>
    </form>
  )
}
