import { AccountPage } from './account.js'
import { CodesPage } from './codes.js'
import { DataPage } from './data.js'
import { DevicesPage } from './devices.js'
import { PasswordPage } from './password.js'
import { PrivacyPage } from './privacy.js'
import { WaysPage } from './ways.js'

const pages = {
  account: AccountPage,
  devices: DevicesPage,
  password: PasswordPage,
  privacy: PrivacyPage,
  data: DataPage,
  codes: CodesPage,
  ways: WaysPage,
}

/** Everything about one's own account. */
export function AccountPages({ name }: { readonly name: keyof typeof pages }) {
  const Page = pages[name]
  return <Page key={name} />
}
