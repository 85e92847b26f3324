import { useApp } from '../state/app-state.js'
import { texts } from '../text/texts.js'
import { CopyField } from './copy-field.js'

/** The person's own address, to be handed to others. */
export function InviteField() {
  const { account, inviteLink } = useApp()
  return (
    <CopyField
      label={texts.invite.label}
      value={inviteLink.value}
      copied={texts.invite.copied}
      shareText={texts.invite.shareText(account.value?.handle ?? '')}
    />
  )
}
