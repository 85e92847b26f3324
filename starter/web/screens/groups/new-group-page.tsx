import { useState } from 'preact/hooks'
import { Avatar } from '../../parts/avatar.js'
import { Field } from '../../parts/field.js'
import { FormProblem } from '../../parts/form-problem.js'
import { PageHead } from '../../parts/page-head.js'
import { SubmitButton } from '../../parts/submit-button.js'
import { useForm } from '../../parts/use-form.js'
import { useChat } from '../../state/app-state.js'
import { hashOf } from '../../state/route.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.newGroup
const kinds = ['group', 'channel'] as const

/** Makes a group: a name, and whom to invite. */
export function NewGroupPage() {
  const { chat, friends, people, nameOf } = useChat()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<(typeof kinds)[number]>('group')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  // One key for all tries: a lost answer must not make a second group.
  const [key] = useState(() => crypto.randomUUID())
  const form = useForm<'name'>()

  const check = () => (name.trim() ? {} : { name: t.nameMissing })
  async function make() {
    const { group } = await chat.groups.create({ key, kind, settings: { name: name.trim() } })
    // Who cannot be invited has gone or has blocked me: the others are invited all the same.
    await Promise.allSettled([...chosen].map((user) => chat.groups.invite({ group, user })))
    location.hash = hashOf({ name: 'conversation', id: group })
  }
  const choose = (user: string, yes: boolean) => {
    const next = new Set(chosen)
    if (yes) next.add(user)
    else next.delete(user)
    setChosen(next)
  }

  return (
    <>
      <PageHead title={t.title} />
      <div class="page">
        <form ref={form.ref} class="form" noValidate onSubmit={(event) => void form.submit(event, check, make)}>
          <FormProblem text={form.problems.form} />
          <Field
            label={t.name}
            value={name}
            onText={setName}
            error={form.problems.name}
            autocomplete="off"
            maxLength={64}
            dir="auto"
          />
          <fieldset class="segments">
            <legend class="visually-hidden">{t.kind}</legend>
            {kinds.map((one) => (
              <label key={one}>
                <input type="radio" name="kind" checked={kind === one} onChange={() => setKind(one)} />
                <span>{t.kinds[one]}</span>
              </label>
            ))}
          </fieldset>
          <p class="field-hint">{t.kindHints[kind]}</p>
          <fieldset class="choices">
            <legend>{t.invite}</legend>
            {friends.value.friends.length === 0 && <p class="field-hint">{t.noFriends}</p>}
            {friends.value.friends.map(({ user }) => (
              <label key={user} class="check">
                <input
                  type="checkbox"
                  checked={chosen.has(user)}
                  onChange={(event) => choose(user, event.currentTarget.checked)}
                />
                <Avatar id={user} name={nameOf(user)} src={people.of(user).value?.avatar} size="small" />
                <bdi>{nameOf(user)}</bdi>
              </label>
            ))}
          </fieldset>
          <div class="button-row">
            <SubmitButton busy={form.busy}>{t.submit}</SubmitButton>
          </div>
        </form>
      </div>
    </>
  )
}
