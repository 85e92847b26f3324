import { dayInText } from '../format/dates.js'
import { Icon } from '../parts/icon.js'
import { useRename } from '../parts/use-rename.js'
import { accountTexts } from '../text/account-texts.js'
import type { Device } from './devices.js'

const t = accountTexts.devices

/** One device, with its name to be changed in place. */
export function DeviceItem({
  device,
  seen,
  rename,
  logout,
}: {
  readonly device: Device
  readonly seen: string
  readonly rename: (name: string) => Promise<void>
  readonly logout: () => void
}) {
  const { form, edit, begin } = useRename(
    { label: t.name, missing: accountTexts.account.nameMissing },
    device.name,
    rename,
  )
  if (form) return <li class="row device">{form}</li>
  return (
    <li class="row device">
      <Icon name="device" />
      <div class="device-text">
        <p class="row-title" dir="auto">
          {device.name}
          {device.current && <span class="chip">{t.current}</span>}
        </p>
        <p class="row-detail">
          {seen} · {t.since(dayInText(device.createdAt, Date.now()))}
        </p>
      </div>
      <button
        ref={edit}
        type="button"
        class="icon-button"
        aria-label={t.rename(device.name)}
        title={t.renameShort}
        onClick={begin}
      >
        <Icon name="pencil" />
      </button>
      {!device.current && (
        <button
          type="button"
          class="icon-button"
          aria-label={t.logout(device.name)}
          title={t.logoutShort}
          onClick={logout}
        >
          <Icon name="leave" />
        </button>
      )}
    </li>
  )
}
