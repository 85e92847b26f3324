import { oidcClient } from '@natter/auth/oidc/client'
import { passkeysClient } from '@natter/auth/passkeys/client'
import { useEffect } from 'preact/hooks'
import { FormProblem } from '../parts/form-problem.js'
import { Icon } from '../parts/icon.js'
import { useForm } from '../parts/use-form.js'
import { useApp } from '../state/app-state.js'
import { accountTexts } from '../text/account-texts.js'

const t = accountTexts.entrance

/** What the server offers beside handle and password. */
export function OtherWays({ isNew }: { readonly isNew: boolean }) {
  const app = useApp()
  const form = useForm()
  const keys = passkeysClient(app.session)
  useEffect(() => void app.ways.ask(), [])
  const { methods, providers } = app.ways.offered.value

  const withPasskey = !isNew && methods.includes('passkey') && keys.supported()
  if (!withPasskey && providers.length === 0) return null
  const run = (event: Event, act: () => Promise<void>) => void form.submit(event, () => ({}), act)
  return (
    <div class="other-ways">
      <p class="or">{t.or}</p>
      <FormProblem text={form.problems.form} />
      {withPasskey && (
        <button
          type="button"
          class="button"
          aria-disabled={form.busy}
          onClick={(event) => run(event, async () => app.answered(await keys.logIn()))}
        >
          <Icon name="key" />
          {t.withPasskey}
        </button>
      )}
      {providers.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          class="button"
          aria-disabled={form.busy}
          onClick={(event) => run(event, () => oidcClient(app.session).start(id))}
        >
          {t.withProvider(name)}
        </button>
      ))}
    </div>
  )
}
