import type { PresenceSettings } from '@natter/presence/client'
import { useEffect, useState } from 'preact/hooks'
import { useAnnounce } from '../parts/announcer.js'
import { Check } from '../parts/check.js'
import { Field } from '../parts/field.js'
import { FormProblem } from '../parts/form-problem.js'
import { useAct } from '../parts/use-act.js'
import { useForm } from '../parts/use-form.js'
import { useLoaded } from '../parts/use-loaded.js'
import { useChat } from '../state/app-state.js'
import { accountTexts } from '../text/account-texts.js'
import { texts } from '../text/texts.js'

const t = accountTexts.status
const modes = ['auto', 'away', 'dnd', 'invisible'] as const
const hour = 3_600_000

/** How I am shown to those who may see it, on all of my devices. */
export function StatusForm() {
  const { chat } = useChat()
  const loaded = useLoaded(() => chat.presence.mine({}))
  const [heard, setHeard] = useState<PresenceSettings>()
  const { act, problem } = useAct()
  useEffect(() => chat.on('presence.settled', setHeard), [chat])
  // What is heard is newer than what was asked for.
  const mine = heard ?? loaded.value
  if (!mine) return <p class="quiet">{loaded.problem ?? texts.loading}</p>
  // On screen at once, and back to what it was where the server refuses.
  const setMode = async (mode: PresenceSettings['mode']) => {
    setHeard({ ...mine, mode })
    if (!(await act(async () => setHeard(await chat.presence.set({ mode }))))) setHeard(mine)
  }
  return (
    <>
      <FormProblem text={problem} />
      <fieldset class="segments modes">
        <legend class="visually-hidden">{t.mode}</legend>
        {modes.map((mode) => (
          <label key={mode}>
            <input type="radio" name="mode" checked={mine.mode === mode} onChange={() => void setMode(mode)} />
            <span>{t.modes[mode]}</span>
          </label>
        ))}
      </fieldset>
      <p class="field-hint">{t.hints[mine.mode]}</p>
      <StatusText key={mine.status?.text} mine={mine} saved={setHeard} />
      <Check
        label={t.hideSeen}
        checked={mine.hideSeen}
        change={(hideSeen) => act(async () => setHeard(await chat.presence.set({ hideSeen })))}
      />
    </>
  )
}

function StatusText({
  mine,
  saved,
}: {
  readonly mine: PresenceSettings
  readonly saved: (settings: PresenceSettings) => void
}) {
  const { chat } = useChat()
  const [text, setText] = useState(mine.status?.text ?? '')
  const [lasts, setLasts] = useState(0)
  const form = useForm<'text'>()
  const announce = useAnnounce()
  async function save() {
    const said = text.trim()
    const status = said ? { text: said, ...(lasts > 0 && { until: Date.now() + lasts }) } : null
    saved(await chat.presence.set({ status }))
    announce(texts.saved)
  }
  return (
    <form
      ref={form.ref}
      class="form status-text"
      noValidate
      onSubmit={(event) => void form.submit(event, () => ({}), save)}
    >
      <Field
        label={t.text}
        value={text}
        onText={setText}
        hint={t.textHint}
        error={form.problems.form}
        autocomplete="off"
        maxLength={140}
        dir="auto"
      />
      <div class="button-row">
        <select aria-label={t.lasts} value={lasts} onChange={(event) => setLasts(Number(event.currentTarget.value))}>
          <option value={0}>{t.forGood}</option>
          <option value={hour}>{t.forHour}</option>
          <option value={4 * hour}>{t.forHours}</option>
          <option value={24 * hour}>{t.forDay}</option>
        </select>
        <button type="submit" class="button" aria-disabled={form.busy}>
          {t.save}
        </button>
      </div>
    </form>
  )
}
