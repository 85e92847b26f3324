import { useState } from 'preact/hooks'
import { useAnnounce } from '../../parts/announcer.js'
import { Field } from '../../parts/field.js'
import { useForm } from '../../parts/use-form.js'
import { useChat } from '../../state/app-state.js'
import { texts } from '../../text/texts.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.person

/** One's own name for a friend. An empty one takes it away. */
export function RemarkForm({ user, remark }: { readonly user: string; readonly remark: string }) {
  const { chat } = useChat()
  const [written, setWritten] = useState<string>()
  const form = useForm<'remark'>()
  const announce = useAnnounce()
  const shown = written ?? remark

  async function save() {
    await chat.friends.remark({ user, remark: shown.trim() })
    setWritten(undefined)
    announce(t.remarkSaved)
  }
  return (
    <form
      ref={form.ref}
      class="form inline-form"
      noValidate
      onSubmit={(event) => void form.submit(event, () => ({}), save)}
    >
      <Field
        label={t.remark}
        value={shown}
        onText={setWritten}
        hint={t.remarkHint}
        error={form.problems.form}
        autocomplete="off"
        maxLength={64}
        dir="auto"
      />
      <button type="submit" class="button" aria-disabled={form.busy || shown.trim() === remark}>
        {texts.save}
      </button>
    </form>
  )
}
