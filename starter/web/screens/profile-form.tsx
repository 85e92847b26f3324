import { useState } from 'preact/hooks'
import { useAnnounce } from '../parts/announcer.js'
import { Field } from '../parts/field.js'
import { Icon } from '../parts/icon.js'
import { PictureForm } from '../parts/picture-form.js'
import { useFlash } from '../parts/use-flash.js'
import { useForm } from '../parts/use-form.js'
import { useApp, useChat } from '../state/app-state.js'
import { texts } from '../text/texts.js'
import { accountTexts } from '../text/account-texts.js'

const t = accountTexts.account

/** Display name and picture. */
export function ProfileForm() {
  const app = useApp()
  const { chat } = useChat()
  const account = app.account.value
  const [name, setName] = useState<string>()
  const form = useForm<'name'>()
  const [saved, flash] = useFlash()
  const announce = useAnnounce()
  if (!account) return null
  const shown = name ?? account.name

  const check = () => (shown.trim() ? {} : { name: t.nameMissing })
  async function save() {
    app.changed(await chat.auth.profile({ name: shown.trim() }))
    setName(undefined)
    flash()
    announce(texts.saved)
  }

  return (
    <>
      <PictureForm
        id={account.id}
        name={account.name}
        src={account.avatar}
        set={async (picture) => app.changed(await app.session.setAvatar(picture))}
        remove={async () => app.changed(await app.session.removeAvatar())}
      />
      <form
        ref={form.ref}
        class="form inline-form"
        noValidate
        onSubmit={(event) => void form.submit(event, check, save)}
      >
        <Field
          label={t.name}
          value={shown}
          onText={setName}
          error={form.problems.name ?? form.problems.form}
          autocomplete="nickname"
          maxLength={64}
          dir="auto"
        />
        <button type="submit" class="button" aria-disabled={form.busy || shown.trim() === account.name}>
          {saved && <Icon name="check" />}
          {saved ? texts.saved : texts.save}
        </button>
      </form>
    </>
  )
}
