import { useState } from 'preact/hooks'
import { useAnnounce } from '../../parts/announcer.js'
import { Field } from '../../parts/field.js'
import { FormProblem } from '../../parts/form-problem.js'
import { Icon } from '../../parts/icon.js'
import { SubmitButton } from '../../parts/submit-button.js'
import { useForm } from '../../parts/use-form.js'
import { useChat } from '../../state/app-state.js'
import { bareHandle } from '../../state/route.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.people

/** Asks a person to be friends: by their exact handle, or the one whose id is given. */
export function AddFriend({ user }: { readonly user?: string }) {
  const { chat, people, nameOf } = useChat()
  const [handle, setHandle] = useState('')
  const [note, setNote] = useState('')
  const [done, setDone] = useState<string>()
  const announce = useAnnounce()
  const form = useForm<'handle'>({ NATTER_NOT_AVAILABLE: 'handle', NATTER_INVALID: 'handle', FRIENDS_SELF: 'handle' })
  const wanted = bareHandle(handle)

  const check = () => (user === undefined && !wanted ? { handle: t.handleMissing } : {})
  async function ask() {
    setDone(undefined)
    const said = note.trim() ? { note: note.trim() } : {}
    const answer = await chat.friends.request(user === undefined ? { handle: wanted, ...said } : { user, ...said })
    const name = user === undefined ? wanted : (people.of(user).value?.handle ?? '')
    const words = answer.is === 'friend' ? t.friendsNow(nameOf(answer.user)) : t.asked(name)
    setHandle('')
    setNote('')
    setDone(words)
    announce(words)
  }

  return (
    <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, ask)}>
      <FormProblem text={form.problems.form ?? (user === undefined ? undefined : form.problems.handle)} />
      {user === undefined && (
        <Field
          label={t.handle}
          value={handle}
          onText={setHandle}
          hint={t.handleHint}
          error={form.problems.handle}
          autocomplete="off"
          exact
          maxLength={64}
        />
      )}
      <Field
        label={t.note}
        value={note}
        onText={setNote}
        hint={t.noteHint}
        autocomplete="off"
        maxLength={200}
        dir="auto"
      />
      <div class="button-row">
        <SubmitButton busy={form.busy}>{t.ask}</SubmitButton>
      </div>
      {done && (
        <p class="notice">
          <Icon name="check" />
          {done}
        </p>
      )}
    </form>
  )
}
