import { useState } from 'preact/hooks'
import { Field } from '../parts/field.js'
import { FormProblem } from '../parts/form-problem.js'
import { Later } from '../parts/later.js'
import { PasswordField } from '../parts/password-field.js'
import { SubmitButton } from '../parts/submit-button.js'
import { useForm } from '../parts/use-form.js'
import { useApp } from '../state/app-state.js'
import { bareHandle } from '../state/route.js'
import { formCodeText } from '../text/form-error-text.js'
import { accountTexts } from '../text/account-texts.js'
import { OtherWays } from './other-ways.js'
import { Recover } from './recover.js'
import { Threshold } from './threshold.js'

type Way = 'register' | 'login'
const t = accountTexts.entrance
const steps = () => import('./log-in-steps.js').then(({ LogInSteps }) => LogInSteps)

/** The page for whoever is not logged in: a handle, a password, and nothing else. */
export function Entrance() {
  const { route, lastHandle, ended, erased, step, fruitless } = useApp()
  const [way, setWay] = useState<Way | 'recover'>(lastHandle.value ? 'login' : 'register')
  const [handle, setHandle] = useState(lastHandle.value ?? '')
  const invitedBy = route.value.name === 'with' ? route.value.handle : undefined
  const title = way === 'register' ? t.registerTitle : t.loginTitle

  if (way === 'recover') {
    return (
      <Threshold brief title={accountTexts.recover.title}>
        <Recover handle={handle} setHandle={setHandle} back={() => setWay('login')} />
      </Threshold>
    )
  }
  const open = step.value
  if (open) {
    const back = () => (step.value = undefined)
    return (
      <Threshold
        key={open.kind}
        brief
        title={open.kind === 'factor' ? accountTexts.factor.title : accountTexts.newcomer.title}
      >
        <Later load={steps} props={{ step: open, back }} />
      </Threshold>
    )
  }
  return (
    <Threshold title={invitedBy ? t.invited(invitedBy) : title}>
      {erased.value && (
        <p class="notice" role="status">
          {accountTexts.data.gone}
        </p>
      )}
      {ended.value && (
        <p class="notice" role="status">
          {t.ended}
        </p>
      )}
      <FormProblem text={fruitless.value && formCodeText(fruitless.value)} />
      <fieldset class="segments">
        <legend class="visually-hidden">{t.choose}</legend>
        {(['register', 'login'] as const).map((name) => (
          <label key={name}>
            <input type="radio" name="way" checked={way === name} onChange={() => setWay(name)} />
            <span>{name === 'register' ? t.newHere : t.beenHere}</span>
          </label>
        ))}
      </fieldset>
      <EntranceForm key={way} way={way} handle={handle} setHandle={setHandle} />
      {way === 'login' && (
        <button type="button" class="link-button" onClick={() => setWay('recover')}>
          {t.forgot}
        </button>
      )}
      <OtherWays key={way} isNew={way === 'register'} />
    </Threshold>
  )
}

function EntranceForm({
  way,
  handle,
  setHandle,
}: {
  readonly way: Way
  readonly handle: string
  readonly setHandle: (text: string) => void
}) {
  const app = useApp()
  const [password, setPassword] = useState('')
  const form = useForm<'handle' | 'password'>({
    AUTH_HANDLE_INVALID: 'handle',
    AUTH_HANDLE_TAKEN: 'handle',
    AUTH_PASSWORD_WEAK: 'password',
  })
  const isNew = way === 'register'

  const check = () => ({
    ...(bareHandle(handle) ? {} : { handle: isNew ? t.handleMissing : t.loginHandleMissing }),
    ...(password ? {} : { password: t.passwordMissing }),
  })
  async function enter() {
    const input = { handle: bareHandle(handle), password }
    if (isNew) return app.entered(await app.session.register(input))
    app.answered(await app.session.login(input))
  }

  return (
    <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, enter)}>
      <FormProblem text={form.problems.form} />
      <Field
        label={t.handle}
        name="username"
        value={handle}
        onText={setHandle}
        hint={isNew ? t.handleHint : undefined}
        error={form.problems.handle}
        autocomplete="username"
        exact
        maxLength={64}
      />
      <PasswordField
        label={t.password}
        name="password"
        value={password}
        onText={setPassword}
        hint={isNew ? t.passwordHint : undefined}
        error={form.problems.password}
        autocomplete={isNew ? 'new-password' : 'current-password'}
        maxLength={512}
      />
      <SubmitButton busy={form.busy}>{isNew ? t.register : t.login}</SubmitButton>
    </form>
  )
}
