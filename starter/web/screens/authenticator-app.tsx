import { totpClient } from '@natter/auth/totp/client'
import { useState } from 'preact/hooks'
import { dayInText } from '../format/dates.js'
import { ConfirmDialog } from '../parts/confirm-dialog.js'
import { CopyField } from '../parts/copy-field.js'
import { Field } from '../parts/field.js'
import { FormProblem } from '../parts/form-problem.js'
import { Icon } from '../parts/icon.js'
import { QrCode } from '../parts/qr-code.js'
import { SubmitButton } from '../parts/submit-button.js'
import { useForm } from '../parts/use-form.js'
import { useLoaded } from '../parts/use-loaded.js'
import { useOpened } from '../parts/use-opened.js'
import type { useProof } from '../parts/use-proof.js'
import { useApp } from '../state/app-state.js'
import { formErrors } from '../text/form-error-text.js'
import { texts } from '../text/texts.js'
import { accountTexts } from '../text/account-texts.js'

const t = accountTexts.ways

/** Codes of an authenticator app, as a second step after the password. */
export function AuthenticatorApp({ withProof }: Pick<ReturnType<typeof useProof>, 'withProof'>) {
  const { session } = useApp()
  const app = totpClient(session)
  const { value, problem, again, change } = useLoaded(() => app.state())
  const [offer, setOffer] = useState<Awaited<ReturnType<typeof app.begin>>>()
  const [done, setDone] = useState(false)
  const { opened, open, close } = useOpened<'removing'>()

  const begin = () => change(() => withProof(async (proof) => setOffer(await app.begin(proof))))
  async function confirm(code: string) {
    await app.confirm(code)
    setOffer(undefined)
    setDone(true)
    await again()
  }

  return (
    <section>
      <h2>{t.app}</h2>
      <FormProblem text={problem} />
      <div role="status">{done && value?.enrolled && <p class="notice">{t.appDone}</p>}</div>
      {value && !offer && (
        <p>{value.enrolled ? t.appOn(dayInText(value.since ?? Date.now(), Date.now())) : t.appOff}</p>
      )}
      {value && !value.enrolled && !offer && (
        <button type="button" class="button fit" onClick={() => void begin()}>
          <Icon name="phone" />
          {t.appSetUp}
        </button>
      )}
      {offer && <SetUp offer={offer} confirm={confirm} cancel={() => setOffer(undefined)} />}
      {value?.enrolled && (
        <button type="button" class="button fit" onClick={() => open('removing')}>
          {t.appRemove}
        </button>
      )}
      {opened && (
        <ConfirmDialog
          key={opened}
          title={t.appRemoveTitle}
          confirm={t.appRemove}
          act={async () => {
            await withProof((proof) => app.remove(proof))
            await again()
          }}
          close={close}
        >
          <p>{t.appRemoveLead}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}

function SetUp({
  offer,
  confirm,
  cancel,
}: {
  readonly offer: { readonly secret: string; readonly uri: string }
  readonly confirm: (code: string) => Promise<void>
  readonly cancel: () => void
}) {
  const [code, setCode] = useState('')
  const form = useForm<'code'>({ AUTH_WRONG_CREDENTIALS: 'code' })
  const check = () => (code.trim() ? {} : { code: accountTexts.factor.codeMissing })
  const turnOn = () => confirm(code.replaceAll(/\s/g, ''))
  return (
    <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, turnOn)}>
      <p>{t.appScan}</p>
      <QrCode text={offer.uri} label={t.appQr} />
      <a class="link-button fit" href={offer.uri}>
        {t.appOpen}
      </a>
      <CopyField label={t.appKey} value={offer.secret} copied={t.appKeyCopied} />
      <FormProblem text={form.problems.form} />
      <Field
        label={t.appCode}
        value={code}
        onText={setCode}
        error={form.problems.code && formErrors.wrongCode}
        autocomplete="one-time-code"
        digits
        exact
        maxLength={16}
      />
      <div class="button-row">
        <SubmitButton busy={form.busy}>{t.appConfirm}</SubmitButton>
        <button type="button" class="button" onClick={cancel}>
          {texts.cancel}
        </button>
      </div>
    </form>
  )
}
