import type { FriendGroup } from '@natter/friends/contract'
import { useState } from 'preact/hooks'
import { useAnnounce } from '../../parts/announcer.js'
import { Field } from '../../parts/field.js'
import { useForm } from '../../parts/use-form.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.friendGroups

/** Makes a group of friends; one of this name that is there already is that one. */
export function NewFriendGroup({ made }: { readonly made: (group: FriendGroup) => Promise<unknown> }) {
  const { chat } = useChat()
  const [name, setName] = useState('')
  const form = useForm<'name'>()
  const announce = useAnnounce()
  const written = name.trim()

  const check = () => (written ? {} : { name: t.nameMissing })
  async function make() {
    await made(await chat.friends.createGroup({ name: written }))
    setName('')
    announce(t.made(written))
  }
  return (
    <form ref={form.ref} class="form inline-form" noValidate onSubmit={(event) => void form.submit(event, check, make)}>
      <Field
        label={t.make}
        value={name}
        onText={setName}
        hint={t.hint}
        error={form.problems.name ?? form.problems.form}
        autocomplete="off"
        maxLength={64}
        dir="auto"
      />
      <button type="submit" class="button" aria-disabled={form.busy}>
        {t.add}
      </button>
    </form>
  )
}
