import { useEffect } from 'preact/hooks'
import { PageHead } from '../parts/page-head.js'
import { useProof } from '../parts/use-proof.js'
import { useApp } from '../state/app-state.js'
import { accountTexts } from '../text/account-texts.js'
import { AccountsElsewhere } from './accounts-elsewhere.js'
import { AuthenticatorApp } from './authenticator-app.js'
import { Passkeys } from './passkeys.js'

const t = accountTexts.ways

/** How one gets into the account, beside the password. */
export function WaysPage() {
  const { ways } = useApp()
  const { withProof, dialog } = useProof()
  const { methods, providers } = ways.offered.value
  useEffect(() => void ways.ask(), [])
  return (
    <>
      <PageHead title={t.title} back={{ name: 'account' }} inner />
      <div class="page">
        <p>{t.lead}</p>
        {methods.includes('passkey') && <Passkeys withProof={withProof} />}
        {methods.includes('totp') && <AuthenticatorApp withProof={withProof} />}
        {providers.length > 0 && <AccountsElsewhere providers={providers} withProof={withProof} />}
      </div>
      {dialog}
    </>
  )
}
