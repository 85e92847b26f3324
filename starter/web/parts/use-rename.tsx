import { useEffect, useRef, useState } from 'preact/hooks'
import { texts } from '../text/texts.js'
import { Field } from './field.js'
import { useForm } from './use-form.js'

/**
 * A name that is changed in place: the form while it is, and the button that begins it. The focus goes into the field, and
 * back to the button.
 */
export function useRename(
  words: { readonly label: string; readonly missing: string },
  old: string,
  rename: (name: string) => Promise<void>,
) {
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

  const check = () => (name?.trim() ? {} : { name: words.missing })
  const save = async () => {
    await rename(name!.trim())
    setName(undefined)
  }
  const shown = editing && (
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
        label={words.label}
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
  )
  return { form: shown, edit, begin: () => setName(old) }
}
