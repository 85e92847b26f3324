import { useEffect, useRef, useState } from 'preact/hooks'
import type { Scheduled } from '@natter/actions/client'
import { untilTime } from '../../format/dates.js'
import { localTime, timeOf } from '../../format/send-times.js'
import { useAnnounce } from '../../parts/announcer.js'
import { FormProblem } from '../../parts/form-problem.js'
import { Icon } from '../../parts/icon.js'
import { useForm } from '../../parts/use-form.js'
import { useChat } from '../../state/app-state.js'
import { actText } from '../../text/act-text.js'
import { actsTexts } from '../../text/acts-texts.js'
import { codeText } from '../../text/error-text.js'
import { texts } from '../../text/texts.js'
import { TextField } from './text-field.js'
import { TimeField } from './time-field.js'

const t = actsTexts.later
const hour = 3_600_000

/** Whom a text means, as a field of a message. */
export type MentionsOf = (text: string) => { readonly mentions?: readonly string[] }

/** A message that is to be sent: what it says and when it goes, and what one can still do about that. */
export function WaitingMessage({
  waiting,
  mentions,
  sendNow,
  callOff,
}: {
  readonly waiting: Scheduled
  readonly mentions: MentionsOf
  readonly sendNow: () => void
  readonly callOff: () => void
}) {
  const [changing, setChanging] = useState(false)
  const change = useRef<HTMLButtonElement>(null)
  const was = useRef(false)
  useEffect(() => {
    if (was.current && !changing) change.current?.focus()
    was.current = changing
  }, [changing])
  const now = Date.now()
  if (changing) return <Change waiting={waiting} mentions={mentions} close={() => setChanging(false)} />
  return (
    <li>
      <p class="menu-message" dir="auto">
        {wordsOf(waiting)}
      </p>
      <p class={waiting.state === 'refused' ? 'field-error' : 'field-hint'}>{stateOf(waiting, now)}</p>
      {waiting.state !== 'sending' && (
        <div class="button-row">
          <button ref={change} type="button" class="button small" onClick={() => setChanging(true)}>
            {t.change}
          </button>
          <button type="button" class="button small" onClick={sendNow}>
            {t.now}
          </button>
          <button type="button" class="button small" onClick={callOff}>
            <Icon name="bin" />
            {t.callOff}
          </button>
        </div>
      )}
    </li>
  )
}

/** Another text, another time, or both. */
function Change({
  waiting: { id, body, at },
  mentions,
  close,
}: {
  readonly waiting: Scheduled
  readonly mentions: MentionsOf
  readonly close: () => void
}) {
  const { chat } = useChat()
  const announce = useAnnounce()
  const form = useForm<'text' | 'at'>({ ACTIONS_WHEN: 'at' }, actText)
  const said = typeof body.text === 'string' ? body.text : undefined
  const [text, setText] = useState(said)
  const [time, setTime] = useState(() => localTime(at > Date.now() ? at : Date.now() + hour))
  // The field has whole minutes: a time that was not touched stays as it is.
  const to = time === localTime(at) ? at : timeOf(time)
  useEffect(() => form.ref.current?.querySelector<HTMLElement>('textarea, input')?.focus(), [])

  const check = () => ({
    ...(text?.trim() === '' && { text: t.empty }),
    ...((Number.isNaN(to) || to <= Date.now()) && { at: t.when }),
  })
  async function save() {
    const { mentions: _, ...rest } = body
    const other = text === undefined || text === said ? {} : { body: { ...rest, text: text.trim(), ...mentions(text) } }
    await chat.actions.reschedule({ id, at: to, ...other })
    announce(t.changed)
    close()
  }
  return (
    <li>
      <form
        ref={form.ref}
        class="form"
        noValidate
        onSubmit={(event) => void form.submit(event, check, save)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          // It ends the change, and not the dialog around it.
          event.preventDefault()
          close()
        }}
      >
        <FormProblem text={form.problems.form} />
        {text !== undefined && <TextField label={t.message} value={text} onText={setText} error={form.problems.text} />}
        <TimeField label={t.time} value={time} onText={setTime} error={form.problems.at} />
        <div class="button-row">
          <button type="submit" class="button small primary" aria-disabled={form.busy}>
            {t.save}
          </button>
          <button type="button" class="button small" onClick={close}>
            {texts.cancel}
          </button>
        </div>
      </form>
    </li>
  )
}

function wordsOf({ body: { text, question } }: Scheduled): string {
  if (typeof text === 'string') return text
  return typeof question === 'string' ? texts.list.poll(question) : texts.list.otherKind
}

function stateOf({ state, at, refused = '' }: Scheduled, now: number): string {
  if (state === 'refused') return t.refused(codeText(refused, actsTexts.errors))
  return state === 'sending' ? t.sending : t.goes(untilTime(at, now))
}
