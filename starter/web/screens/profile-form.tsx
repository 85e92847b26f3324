import { useRef, useState } from 'preact/hooks'
import { shrinkPicture } from '../format/shrink-picture.js'
import { useAnnounce } from '../parts/announcer.js'
import { Avatar } from '../parts/avatar.js'
import { Field } from '../parts/field.js'
import { FormProblem } from '../parts/form-problem.js'
import { Icon } from '../parts/icon.js'
import { useFlash } from '../parts/use-flash.js'
import { useForm } from '../parts/use-form.js'
import { useApp, useChat } from '../state/app-state.js'
import { formErrorText } from '../text/form-error-text.js'
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
      <PictureForm />
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

function PictureForm() {
  const app = useApp()
  const account = app.account.value
  const input = useRef<HTMLInputElement>(null)
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const announce = useAnnounce()
  if (!account) return null

  async function change(act: () => Promise<void>, words: string) {
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    try {
      await act()
      announce(words)
    } catch (error) {
      setProblem(formErrorText(error))
    } finally {
      setBusy(false)
    }
  }
  async function choose(file: File | undefined) {
    if (!file) return
    const small = await shrinkPicture(file).catch(() => undefined)
    if (!small) return setProblem(t.pictureBad)
    await change(async () => app.changed(await app.session.setAvatar(small)), t.pictureSaved)
  }

  return (
    <div class="picture-form">
      <Avatar id={account.id} name={account.name} src={account.avatar} size="large" />
      <div class="button-row">
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
        <button type="button" class="button" aria-disabled={busy} onClick={() => input.current?.click()}>
          <Icon name="camera" />
          {t.choosePicture}
        </button>
        {account.avatar && (
          <button
            type="button"
            class="button"
            aria-disabled={busy}
            onClick={() => void change(async () => app.changed(await app.session.removeAvatar()), t.pictureRemoved)}
          >
            {t.removePicture}
          </button>
        )}
      </div>
      <FormProblem text={problem} />
    </div>
  )
}
