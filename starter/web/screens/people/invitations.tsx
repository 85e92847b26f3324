import { Avatar } from '../../parts/avatar.js'
import { useChat } from '../../state/app-state.js'
import { hashOf } from '../../state/route.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.invitations

/** The groups that I am invited to. */
export function Invitations({
  act,
}: {
  readonly act: (what: () => Promise<unknown>, words?: string) => Promise<boolean>
}) {
  const { chat, invited, nameOf } = useChat()
  if (invited.value.length === 0) return null
  return (
    <section>
      <h2>{t.title}</h2>
      <ul role="list" class="rows">
        {invited.value.map(({ group, name, by }) => (
          <li key={group} class="row contact">
            <Avatar id={group} name={name} size="small" />
            <span class="contact-text">
              <span class="row-title" dir="auto">
                {name}
              </span>
              <span class="row-detail">{t.by(nameOf(by))}</span>
            </span>
            <span class="contact-actions">
              <button
                type="button"
                class="button small primary"
                aria-label={t.joinOf(name)}
                onClick={() =>
                  void act(async () => {
                    await chat.groups.join({ group })
                    location.hash = hashOf({ name: 'conversation', id: group })
                  })
                }
              >
                {t.join}
              </button>
              <button
                type="button"
                class="button small"
                aria-label={t.declineOf(name)}
                onClick={() => void act(() => chat.groups.leave({ group }), t.declined(name))}
              >
                {t.decline}
              </button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
