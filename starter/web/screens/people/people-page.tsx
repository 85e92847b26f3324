import type { Contact } from '@natter/friends/contract'
import type { ComponentChildren } from 'preact'
import { FormProblem } from '../../parts/form-problem.js'
import { PageHead } from '../../parts/page-head.js'
import { useAct } from '../../parts/use-act.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import { AddFriend } from './add-friend.js'
import { ContactItem } from './contact-item.js'
import { FriendsSection } from './friends-section.js'
import { Invitations } from './invitations.js'

const t = togetherTexts.people

/** Friends, requests in both directions, and who is blocked. */
export function PeoplePage() {
  const { chat, friends, nameOf } = useChat()
  const { incoming, outgoing, blocked } = friends.value
  const { act, problem } = useAct()
  const byName = (a: Contact, b: Contact) => nameOf(a.user).localeCompare(nameOf(b.user))
  return (
    <>
      <PageHead title={t.title} />
      <div class="page">
        <FormProblem text={problem} />
        <Contacts title={t.incoming} people={incoming}>
          {({ user, note }, name) => (
            <ContactItem key={user} user={user} detail={note}>
              <button
                type="button"
                class="button small primary"
                aria-label={t.acceptOf(name)}
                onClick={() => void act(() => chat.friends.accept({ user }), t.friendsNow(name))}
              >
                {t.accept}
              </button>
              <button
                type="button"
                class="button small"
                aria-label={t.rejectOf(name)}
                onClick={() => void act(() => chat.friends.reject({ user }), t.rejected(name))}
              >
                {t.reject}
              </button>
            </ContactItem>
          )}
        </Contacts>
        <Invitations act={act} />
        <section>
          <h2>{t.addTitle}</h2>
          <AddFriend />
        </section>
        <Contacts title={t.outgoing} people={outgoing}>
          {({ user, note }, name) => (
            <ContactItem key={user} user={user} detail={note}>
              <button
                type="button"
                class="button small"
                aria-label={t.cancelOf(name)}
                onClick={() => void act(() => chat.friends.cancel({ user }), t.cancelled)}
              >
                {t.cancel}
              </button>
            </ContactItem>
          )}
        </Contacts>
        <FriendsSection />
        <Contacts title={t.blocked} people={[...blocked].sort(byName)}>
          {({ user }, name) => (
            <ContactItem key={user} user={user}>
              <button
                type="button"
                class="button small"
                aria-label={t.unblockOf(name)}
                onClick={() => void act(() => chat.friends.unblock({ user }), t.unblocked(name))}
              >
                {t.unblock}
              </button>
            </ContactItem>
          )}
        </Contacts>
      </div>
    </>
  )
}

/** One part of the list, where there is somebody in it. */
function Contacts({
  title,
  people,
  children,
}: {
  readonly title: string
  readonly people: readonly Contact[]
  readonly children: (contact: Contact, name: string) => ComponentChildren
}) {
  const { nameOf } = useChat()
  if (people.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul role="list" class="rows">
        {people.map((contact) => children(contact, nameOf(contact.user)))}
      </ul>
    </section>
  )
}
