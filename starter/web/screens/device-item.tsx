import { useEffect, useRef, useState } from 'preact/hooks'
import { dayInText } from '../format/dates.js'
import { Field } from '../parts/field.js'
import { Icon } from '../parts/icon.js'
import { useForm } from '../parts/use-form.js'
import { texts } from '../text/texts.js'
import type { Device } from './devices.js'

const t = texts.devices

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
  const [name, setName] = useState<string>()
  const form = useForm<'name'>()
  const edit = useRef<HTMLButtonElement>(null)
  const wasEditing = useRef(false)
  const editing = name !== undefined
  useEffect(() => {
    if (editing) form.ref.current?.querySelector('input')?.select()
    else if (wasEditing.current) edit.current?.focus()
    wasEditing.current = editing
  }, [editing])

  if (editing) {
    const check = () => (name.trim() ? {} : { name: texts.account.nameMissing })
    const save = async () => {
      await rename(name.trim())
      setName(undefined)
    }
    return (
      <li class="row device">
        <form
          ref={form.ref}
          class="form inline-form"
          noValidate
          onSubmit={(event) => void form.submit(event, check, save)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setName(undefined)
          }}
        >
          <Field
            label={t.name}
            value={name}
            onText={setName}
            error={form.problems.name ?? form.problems.form}
            maxLength={64}
            autocomplete="off"
          />
          <button type="submit" class="button" aria-disabled={form.busy}>
            {texts.save}
          </button>
          <button type="button" class="button" onClick={() => setName(undefined)}>
            {texts.cancel}
          </button>
        </form>
      </li>
    )
  }
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
        onClick={() => setName(device.name)}
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
