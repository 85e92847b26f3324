import { passkeysClient } from '@natter/auth/passkeys/client'
import { totpClient } from '@natter/auth/totp/client'
import { useEffect, useState } from 'preact/hooks'
import { Field } from '../parts/field.js'
import { FormProblem } from '../parts/form-problem.js'
import { SubmitButton } from '../parts/submit-button.js'
import { useForm } from '../parts/use-form.js'
import { useApp } from '../state/app-state.js'
import type { LogInStep } from '../state/log-in-step.js'
import { codeOf } from '../text/error-text.js'
import { formErrors } from '../text/form-error-text.js'
import { accountTexts } from '../text/account-texts.js'

const t = accountTexts.factor

/** The second proof of a log-in: a code of an app, a passkey, or a recovery code. */
export function Factor({ step, back }: { readonly step: LogInStep & { kind: 'factor' }; readonly back: () => void }) {
  const app = useApp()
  const { flow, methods } = step
  const [code, setCode] = useState('')
  const [recovery, setRecovery] = useState(!methods.includes('totp') && !methods.includes('passkey'))
  const form = useForm<'code'>({ AUTH_WRONG_CREDENTIALS: 'code', wrongCode: 'code' })
  const typed = recovery || methods.includes('totp')

  useEffect(() => form.ref.current?.querySelector('input')?.focus(), [recovery])

  const check = () => (code.trim() || !typed ? {} : { code: recovery ? t.recoveryMissing : t.codeMissing })
  async function verify() {
    const answer = await totpClient(app.session)
      .verify(flow, code.replaceAll(/\s/g, ''), { recovery })
      .catch((error: unknown) => {
        throw ofCode(error)
      })
    app.answered(answer)
  }
  const byPasskey = async () => app.answered(await passkeysClient(app.session).logIn({ flow }))

  return (
    <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, verify)}>
      <p>{recovery ? t.recoveryLead : typed ? t.codeLead : t.passkeyLead}</p>
      <FormProblem text={form.problems.form} />
      {typed && (
        <>
          <Field
            key={String(recovery)}
            label={recovery ? accountTexts.recover.code : t.code}
            value={code}
            onText={setCode}
            error={form.problems.code}
            autocomplete="one-time-code"
            {...(recovery ? {} : { digits: true })}
            exact
            maxLength={64}
          />
          <SubmitButton busy={form.busy}>{t.submit}</SubmitButton>
        </>
      )}
      {!recovery && methods.includes('passkey') && (
        <button
          type="button"
          class={typed ? 'button' : 'button primary'}
          onClick={(event) => void form.submit(event, () => ({}), byPasskey)}
        >
          {t.passkey}
        </button>
      )}
      {!recovery && methods.includes('recovery-code') && (
        <button
          type="button"
          class="link-button"
          onClick={() => {
            setCode('')
            form.clear()
            setRecovery(true)
          }}
        >
          {t.useRecovery}
        </button>
      )}
      <button type="button" class="link-button" onClick={back}>
        {accountTexts.recover.back}
      </button>
    </form>
  )
}

/** A wrong code is not a wrong password, so it is said in other words. */
const ofCode = (error: unknown): Error =>
  codeOf(error) === 'AUTH_WRONG_CREDENTIALS'
    ? Object.assign(new Error(formErrors.wrongCode), { code: 'wrongCode' })
    : (error as Error)
