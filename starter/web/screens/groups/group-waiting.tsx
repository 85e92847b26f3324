import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { dayInText } from '../../format/dates.js'
import { useLoaded } from '../../parts/use-loaded.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import { ContactItem } from '../people/contact-item.js'
import type { GroupPart } from './group-about.js'

const t = togetherTexts.group

/** For admins: who asks to come in, who is invited, the links that let in, and who is banned. */
export function GroupWaiting({ room: { group, seq }, act }: GroupPart) {
  const { chat, nameOf } = useChat()
  const { value, again } = useLoaded(async () => {
    const [waiting, { links }, { banned }] = await Promise.all([
      chat.groups.waiting({ group }),
      chat.groups.links({ group }),
      chat.groups.banned({ group }),
    ])
    return { ...waiting, links, banned }
  })
  useEffect(() => void again(), [seq])
  if (!value) return null

  const button = (words: string, label: string, what: () => Promise<unknown>) => (
    <button type="button" class="button small" aria-label={label} onClick={() => void act(what)}>
      {words}
    </button>
  )
  return (
    <>
      <Part title={t.asking} rows={value.asked}>
        {({ user, note }) => (
          <ContactItem key={user} user={user} detail={note}>
            {button(t.admit, t.admitOf(nameOf(user)), () => chat.groups.admit({ group, user }))}
            {button(t.refuse, t.refuseOf(nameOf(user)), () => chat.groups.refuse({ group, user }))}
          </ContactItem>
        )}
      </Part>
      <Part title={t.waiting} rows={value.invited}>
        {({ user }) => (
          <ContactItem key={user} user={user}>
            {button(t.uninvite, t.uninviteOf(nameOf(user)), () => chat.groups.uninvite({ group, user }))}
          </ContactItem>
        )}
      </Part>
      <Part title={t.links} rows={value.links}>
        {({ link, by, at }) => {
          const [name, when] = [nameOf(by), dayInText(at, Date.now())]
          return (
            <li key={link} class="row">
              <span class="contact-text">{t.linkBy(name, when)}</span>
              {button(t.dropLink, t.dropLinkOf(name, when), () => chat.groups.dropLink({ group, link }))}
            </li>
          )
        }}
      </Part>
      <Part title={t.banned} rows={value.banned}>
        {({ user }) => (
          <ContactItem key={user} user={user}>
            {button(t.unban, t.unbanOf(nameOf(user)), () => chat.groups.unban({ group, user }))}
          </ContactItem>
        )}
      </Part>
    </>
  )
}

function Part<R>({
  title,
  rows,
  children,
}: {
  readonly title: string
  readonly rows: readonly R[]
  readonly children: (row: R) => ComponentChildren
}) {
  if (rows.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul role="list" class="rows">
        {rows.map(children)}
      </ul>
    </>
  )
}
