import { useState } from 'preact/hooks'
import { Field } from '../../parts/field.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import type { GroupPart } from './group-about.js'
import { MemberItem } from './member-item.js'
import { useMembers } from './use-members.js'

const t = togetherTexts.group
/** Fewer people than this are seen at a glance. */
const few = 8

/** Who is in a group and as what, by name. */
export function MemberList(part: GroupPart) {
  const { room, act } = part
  const { nameOf } = useChat()
  const [sought, setSought] = useState('')
  const { members, more } = useMembers(room.group, sought)
  const wanted = sought.trim().toLowerCase()
  const shown = members
    .filter(({ user }) => nameOf(user).toLowerCase().includes(wanted))
    .sort((a, b) => order[a.role] - order[b.role] || nameOf(a.user).localeCompare(nameOf(b.user)))
  return (
    <section>
      <h2>{t.members}</h2>
      {room.size > few && (
        <Field label={t.findMember} value={sought} onText={setSought} autocomplete="off" maxLength={64} dir="auto" />
      )}
      {shown.length === 0 && wanted !== '' && <p class="quiet">{t.noMember}</p>}
      {shown.length > 0 && (
        <ul role="list" class="rows">
          {shown.map((member) => (
            <MemberItem key={member.user} member={member} {...part} />
          ))}
        </ul>
      )}
      {more && (
        <button type="button" class="button fit" onClick={() => void act(more)}>
          {t.more}
        </button>
      )}
    </section>
  )
}

const order = { owner: 0, admin: 1, member: 2, reader: 3 } as const
