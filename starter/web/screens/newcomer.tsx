import { oidcClient } from '@natter/auth/oidc/client'
import { useState } from 'preact/hooks'
import { Field } from '../parts/field.js'
import { FormProblem } from '../parts/form-problem.js'
import { SubmitButton } from '../parts/submit-button.js'
import { useForm } from '../parts/use-form.js'
import { useApp } from '../state/app-state.js'
import type { LogInStep } from '../state/log-in-step.js'
import { bareHandle } from '../state/route.js'
import { accountTexts } from '../text/account-texts.js'

const t = accountTexts.newcomer

/** Somebody came from a provider and has no account here: they choose a handle, and only then there is one. */
export function Newcomer({
  step,
  back,
}: {
  readonly step: LogInStep & { kind: 'newcomer' }
  readonly back: () => void
}) {
  const app = useApp()
  const [handle, setHandle] = useState(step.handle)
  const form = useForm<'handle'>({ AUTH_HANDLE_INVALID: 'handle', AUTH_HANDLE_TAKEN: 'handle' })

  const check = () => (bareHandle(handle) ? {} : { handle: accountTexts.entrance.handleMissing })
  async function register() {
    const { name } = step
    app.answered(
      await oidcClient(app.session).register({ handle: bareHandle(handle), ...(name === undefined ? {} : { name }) }),
    )
  }

  return (
    <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, register)}>
      <p>{t.lead(step.provider)}</p>
      <FormProblem text={form.problems.form} />
      <Field
        label={accountTexts.entrance.handle}
        name="username"
        value={handle}
        onText={setHandle}
        hint={accountTexts.entrance.handleHint}
        error={form.problems.handle}
        autocomplete="username"
        exact
        maxLength={64}
      />
      <SubmitButton busy={form.busy}>{accountTexts.entrance.register}</SubmitButton>
      <p class="aside">{t.link}</p>
      <button type="button" class="link-button" onClick={back}>
        {accountTexts.recover.back}
      </button>
    </form>
  )
}
