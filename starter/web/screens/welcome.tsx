import { CodeList } from '../parts/code-list.js'
import { InviteField } from '../parts/invite-field.js'
import { useApp } from '../state/app-state.js'
import { texts } from '../text/texts.js'
import { accountTexts } from '../text/account-texts.js'
import { Threshold } from './threshold.js'

/** After the registration: first the recovery codes, which nobody sees again, then an invitation to bring somebody. */
export function Welcome() {
  const { codes, welcome, account, route } = useApp()
  const handle = account.value?.handle ?? ''

  if (codes.value) {
    return (
      <Threshold key="codes" brief title={accountTexts.codes.title}>
        <p>{accountTexts.codes.lead}</p>
        <CodeList codes={codes.value} handle={handle} />
        <button
          type="button"
          class="button primary"
          onClick={() => {
            codes.value = undefined
            // Whoever came by a link goes where it leads.
            if (route.value.name === 'with') welcome.value = false
          }}
        >
          {accountTexts.codes.kept}
        </button>
      </Threshold>
    )
  }
  return (
    <Threshold key="invite" brief title={texts.invite.title(handle)}>
      <p>{texts.invite.lead}</p>
      <InviteField />
      <p class="aside">{texts.invite.alone}</p>
      <button type="button" class="button primary" onClick={() => (welcome.value = false)}>
        {texts.invite.go}
      </button>
    </Threshold>
  )
}
