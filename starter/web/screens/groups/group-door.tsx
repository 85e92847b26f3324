import { useState } from 'preact/hooks'
import { useAnnounce } from '../../parts/announcer.js'
import { CopyField } from '../../parts/copy-field.js'
import { Field } from '../../parts/field.js'
import { useForm } from '../../parts/use-form.js'
import { useApp, useChat } from '../../state/app-state.js'
import { bareHandle } from '../../state/route.js'
import { togetherTexts } from '../../text/together-texts.js'
import type { GroupPart } from './group-about.js'
import { GroupWaiting } from './group-waiting.js'

const t = togetherTexts.group

/** How people come in: invited by handle, or by a link; and who waits to. */
export function GroupDoor(part: GroupPart) {
  const { room, leads, act } = part
  const { chat } = useChat()
  const { linkTo } = useApp()
  const [link, setLink] = useState<string>()
  // One key for all tries: two clicks and a lost answer make one link.
  const [key] = useState(() => crypto.randomUUID())
  return (
    <section>
      <h2>{t.invite}</h2>
      <InviteForm group={room.group} />
      {leads && link === undefined && (
        <button
          type="button"
          class="button fit"
          onClick={() =>
            void act(async () => {
              const { url } = await chat.groups.makeLink({ group: room.group, key })
              setLink(linkTo({ name: 'join', link: url }))
            })
          }
        >
          {t.makeLink}
        </button>
      )}
      {link !== undefined && (
        <>
          <CopyField label={t.link} value={link} copied={t.linkCopied} shareText={t.linkShare(room.settings.name)} />
          <p class="field-hint">{t.linkOnce}</p>
        </>
      )}
      {leads && <GroupWaiting key={link} {...part} />}
    </section>
  )
}

function InviteForm({ group }: { readonly group: string }) {
  const { chat, people } = useChat()
  const [handle, setHandle] = useState('')
  const announce = useAnnounce()
  const form = useForm<'handle'>({
    NATTER_NOT_AVAILABLE: 'handle',
    NATTER_INVALID: 'handle',
    GROUPS_BANNED: 'handle',
  })
  const wanted = bareHandle(handle)
  async function invite() {
    const person = people.byHandle(wanted) ?? (await chat.auth.find({ handle: wanted }))
    people.learn(person)
    await chat.groups.invite({ group, user: person.id })
    setHandle('')
    announce(t.invited(wanted))
  }
  return (
    <form
      ref={form.ref}
      class="form inline-form"
      noValidate
      onSubmit={(event) => void form.submit(event, () => (wanted ? {} : { handle: t.handleMissing }), invite)}
    >
      <Field
        label={t.handle}
        value={handle}
        onText={setHandle}
        error={form.problems.handle ?? form.problems.form}
        autocomplete="off"
        exact
        maxLength={64}
      />
      <button type="submit" class="button" aria-disabled={form.busy}>
        {t.sendInvite}
      </button>
    </form>
  )
}
