import { dayInText } from '../format/dates.js'
import { Icon } from '../parts/icon.js'
import { useRename } from '../parts/use-rename.js'
import { accountTexts } from '../text/account-texts.js'
import type { Passkey } from './passkeys.js'

const t = accountTexts.ways

/** One passkey, with its name to be changed in place, and whether it follows the password. */
export function PasskeyItem({
  passkey,
  rename,
  second,
  remove,
}: {
  readonly passkey: Passkey
  readonly rename: (name: string) => Promise<void>
  readonly second: (second: boolean) => void
  readonly remove: () => void
}) {
  const { name, createdAt } = passkey
  const { form, edit, begin } = useRename({ label: t.keyName, missing: accountTexts.account.nameMissing }, name, rename)
  if (form) return <li class="row device">{form}</li>
  return (
    <li class="row device">
      <Icon name="key" />
      <div class="device-text">
        <p class="row-title" dir="auto">
          {name}
        </p>
        <p class="row-detail">{t.keySince(dayInText(createdAt, Date.now()))}</p>
        <label class="check">
          <input
            type="checkbox"
            checked={passkey.second}
            aria-label={t.keySecondOf(name)}
            onChange={(event) => second(event.currentTarget.checked)}
          />
          {t.keySecond}
        </label>
      </div>
      <button
        ref={edit}
        type="button"
        class="icon-button"
        aria-label={t.keyRename(name)}
        title={accountTexts.devices.renameShort}
        onClick={begin}
      >
        <Icon name="pencil" />
      </button>
      <button type="button" class="icon-button" aria-label={t.remove(name)} title={t.removeShort} onClick={remove}>
        <Icon name="bin" />
      </button>
    </li>
  )
}
