import { useId, useState } from 'preact/hooks'
import { untilTime } from '../../format/dates.js'
import { Avatar } from '../../parts/avatar.js'
import { Icon } from '../../parts/icon.js'
import { PresenceDot } from '../../parts/presence-dot.js'
import { useChat } from '../../state/app-state.js'
import { hashOf } from '../../state/route.js'
import { togetherTexts } from '../../text/together-texts.js'
import type { GroupPart } from './group-about.js'
import { MemberActions } from './member-actions.js'
import type { Member } from './use-members.js'

const t = togetherTexts.group

/** A person in a group. Who stands above them finds behind their name what can be done. */
export function MemberItem({ member, ...part }: GroupPart & { readonly member: Member }) {
  const { user: me, people, nameOf } = useChat()
  const [open, setOpen] = useState(false)
  const id = useId()
  const { user, role, mutedUntil = 0 } = member
  const person = people.of(user).value
  const name = nameOf(user)
  const own = user === me
  const now = Date.now()
  const { role: mine } = part.room.me
  // Admins can put each other out; nobody acts on the owner, or on themselves.
  const below = part.leads && !own && role !== 'owner'
  const said = [t.roles[role], mutedUntil > now && t.mutedUntil(untilTime(mutedUntil, now))].filter(Boolean).join(' · ')
  return (
    <li class="row contact member">
      <span class="avatar-place">
        <Avatar id={user} name={name} src={person?.avatar} size="small" />
        {!own && <PresenceDot user={user} />}
      </span>
      <span class="contact-text">
        {person?.handle && !own ? (
          <a class="row-title" dir="auto" href={hashOf({ name: 'with', handle: person.handle })}>
            {name}
          </a>
        ) : (
          <span class="row-title" dir="auto">
            {own ? t.you(person?.name ?? name) : name}
          </span>
        )}
        <span class="row-detail">{said}</span>
      </span>
      {below && (
        <button
          type="button"
          class="icon-button"
          aria-label={t.manage(name)}
          title={t.manage(name)}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <Icon name="pencil" />
        </button>
      )}
      {below && (
        <div id={id} class="member-actions" hidden={!open}>
          {open && (
            <MemberActions member={member} name={name} muted={mutedUntil > now} owner={mine === 'owner'} {...part} />
          )}
        </div>
      )}
    </li>
  )
}
