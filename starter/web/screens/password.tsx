import { useState } from 'preact/hooks'
import { FormProblem } from '../parts/form-problem.js'
import { PageHead } from '../parts/page-head.js'
import { PasswordField } from '../parts/password-field.js'
import { SubmitButton } from '../parts/submit-button.js'
import { useForm } from '../parts/use-form.js'
import { useApp } from '../state/app-state.js'
import { ofPassword } from '../text/of-password.js'
import { accountTexts } from '../text/account-texts.js'

const t = accountTexts.password

export function PasswordPage() {
  const app = useApp()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [done, setDone] = useState(false)
  const form = useForm<'current' | 'next'>({ wrongPassword: 'current', AUTH_PASSWORD_WEAK: 'next' })

  const check = () => ({
    ...(current ? {} : { current: t.currentMissing }),
    ...(next ? {} : { next: accountTexts.entrance.passwordMissing }),
  })
  async function change() {
    setDone(false)
    await app.session.changePassword({ current, password: next }).catch((error: unknown) => {
      throw ofPassword(error)
    })
    setCurrent('')
    setNext('')
    setDone(true)
  }

  return (
    <>
      <PageHead title={t.title} back={{ name: 'account' }} inner />
      <div class="page">
        <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, change)}>
          <p>{t.lead}</p>
          <FormProblem text={form.problems.form} />
          <input
            type="text"
            name="username"
            autocomplete="username"
            value={app.account.value?.handle}
            hidden
            readonly
          />
          <PasswordField
            label={t.current}
            value={current}
            onText={setCurrent}
            error={form.problems.current}
            autocomplete="current-password"
            maxLength={512}
          />
          <PasswordField
            label={t.next}
            value={next}
            onText={setNext}
            hint={accountTexts.entrance.passwordHint}
            error={form.problems.next}
            autocomplete="new-password"
            maxLength={512}
          />
          <SubmitButton busy={form.busy}>{t.submit}</SubmitButton>
          <div role="status">{done && <p class="notice">{t.done}</p>}</div>
        </form>
      </div>
    </>
  )
}
