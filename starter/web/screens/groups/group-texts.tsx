import { useState } from 'preact/hooks'
import { useAnnounce } from '../../parts/announcer.js'
import { Field } from '../../parts/field.js'
import { FormProblem } from '../../parts/form-problem.js'
import { useForm } from '../../parts/use-form.js'
import { useChat } from '../../state/app-state.js'
import { texts } from '../../text/texts.js'
import { togetherTexts } from '../../text/together-texts.js'
import type { GroupPart } from './group-about.js'

const t = togetherTexts.group
const lengths = { name: 64, topic: 256, announcement: 2_000, welcome: 500 } as const
type Name = keyof typeof lengths
const names = Object.keys(lengths) as Name[]

/** Name, topic, announcement and welcome. Only what was changed is sent: others may change the rest meanwhile. */
export function GroupTexts({ room: { group, settings } }: GroupPart) {
  const { chat } = useChat()
  const [written, setWritten] = useState<{ readonly [N in Name]?: string }>({})
  const form = useForm<'name'>()
  const announce = useAnnounce()
  const changed = names.filter((name) => written[name] !== undefined && written[name].trim() !== settings[name])

  const check = () => (written.name === undefined || written.name.trim() ? {} : { name: t.nameMissing })
  async function save() {
    if (changed.length === 0) return
    await chat.groups.set({ group, settings: Object.fromEntries(changed.map((name) => [name, written[name]?.trim()])) })
    setWritten({})
    announce(t.saved)
  }
  return (
    <section>
      <h2>{t.edit}</h2>
      <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, save)}>
        <FormProblem text={form.problems.form} />
        {names.map((name) => (
          <Field
            key={name}
            label={t[name]}
            value={written[name] ?? settings[name]}
            onText={(text) => setWritten({ ...written, [name]: text })}
            error={name === 'name' ? form.problems.name : undefined}
            autocomplete="off"
            maxLength={lengths[name]}
            dir="auto"
          />
        ))}
        <div class="button-row">
          <button type="submit" class="button" aria-disabled={form.busy || changed.length === 0}>
            {texts.save}
          </button>
        </div>
      </form>
    </section>
  )
}
