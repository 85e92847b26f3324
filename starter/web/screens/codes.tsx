import { useState } from 'preact/hooks'
import { CodeList } from '../parts/code-list.js'
import { FormProblem } from '../parts/form-problem.js'
import { PageHead } from '../parts/page-head.js'
import { PasswordField } from '../parts/password-field.js'
import { SubmitButton } from '../parts/submit-button.js'
import { useForm } from '../parts/use-form.js'
import { useProof } from '../parts/use-proof.js'
import { useApp } from '../state/app-state.js'
import { accountTexts } from '../text/account-texts.js'
import { ofPassword } from '../text/of-password.js'

const t = accountTexts.newCodes

/** New recovery codes in place of the old ones. */
export function CodesPage() {
  const app = useApp()
  const [password, setPassword] = useState('')
  const [codes, setCodes] = useState<readonly string[]>()
  const { withProof, dialog } = useProof()
  const form = useForm<'password'>({ wrongPassword: 'password' })

  const check = () => (password ? {} : { password: accountTexts.password.currentMissing })
  async function renew() {
    await withProof(async (proof) => {
      setCodes(await app.session.renewCodes({ password, ...proof }))
    }).catch((error: unknown) => {
      throw ofPassword(error)
    })
  }

  return (
    <>
      <PageHead title={t.title} back={{ name: 'account' }} inner />
      <div class="page">
        {codes ? (
          <>
            <p role="status">{accountTexts.codes.lead}</p>
            <CodeList codes={codes} handle={app.account.value?.handle ?? ''} />
          </>
        ) : (
          <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, renew)}>
            <p>{t.lead}</p>
            <FormProblem text={form.problems.form} />
            <PasswordField
              label={t.password}
              value={password}
              onText={setPassword}
              error={form.problems.password}
              autocomplete="current-password"
              maxLength={512}
            />
            <SubmitButton busy={form.busy}>{t.submit}</SubmitButton>
          </form>
        )}
      </div>
      {dialog}
    </>
  )
}
