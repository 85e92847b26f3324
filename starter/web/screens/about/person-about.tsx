import { dayInText } from '../../format/dates.js'
import { ConfirmDialog } from '../../parts/confirm-dialog.js'
import { FormProblem } from '../../parts/form-problem.js'
import { useAct } from '../../parts/use-act.js'
import { useOpened } from '../../parts/use-opened.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import { AddFriend } from '../people/add-friend.js'
import { GroupsOfFriend } from './groups-of-friend.js'
import { RemarkForm } from './remark-form.js'

const t = togetherTexts.person
const { people } = togetherTexts

/** What another person is to me, and what I can make of it. */
export function PersonAbout({ user, name }: { readonly user: string; readonly name: string }) {
  const { chat, friends } = useChat()
  const { opened, open, close } = useOpened<'remove' | 'block'>()
  const asked = opened?.what
  const { act, problem } = useAct()
  const { friends: mine, incoming, outgoing, blocked } = friends.value
  const contact = [...blocked, ...mine, ...incoming, ...outgoing].find((one) => one.user === user)
  const is = contact?.blocked ? 'blocked' : (contact?.is ?? 'none')
  const since = contact ? dayInText(contact.at, Date.now()) : ''
  const said = { blocked: t.isBlocked, friend: t.friendsSince(since), incoming: t.theyAsk(since) } as const

  const button = (words: string, what: () => Promise<unknown>, done: string) => (
    <button type="button" class="button" onClick={() => void act(what, done)}>
      {words}
    </button>
  )
  return (
    <>
      <section>
        <h2>{t.relation}</h2>
        <p>{is === 'none' ? t.strangers : is === 'outgoing' ? t.askedThem(since) : said[is]}</p>
        {contact?.note && is === 'incoming' && <q dir="auto">{contact.note}</q>}
        <FormProblem text={problem} />
        {is === 'friend' && <RemarkForm user={user} remark={contact?.remark ?? ''} />}
        <div class="button-row">
          {is === 'incoming' && button(people.accept, () => chat.friends.accept({ user }), people.friendsNow(name))}
          {is === 'incoming' && button(people.reject, () => chat.friends.reject({ user }), people.rejected(name))}
          {is === 'outgoing' && button(people.cancel, () => chat.friends.cancel({ user }), people.cancelled)}
          {is === 'blocked' && button(people.unblock, () => chat.friends.unblock({ user }), people.unblocked(name))}
          {is === 'friend' && (
            <button type="button" class="button" onClick={() => open('remove')}>
              {t.remove}
            </button>
          )}
          {is !== 'blocked' && (
            <button type="button" class="button" onClick={() => open('block')}>
              {t.block}
            </button>
          )}
        </div>
      </section>
      {is === 'friend' && <GroupsOfFriend user={user} name={name} act={act} />}
      {is === 'none' && (
        <section>
          <h2>{t.askTitle}</h2>
          <AddFriend user={user} />
        </section>
      )}
      {asked && (
        <ConfirmDialog
          key={opened}
          title={asked === 'remove' ? t.removeTitle(name) : t.blockTitle(name)}
          confirm={asked === 'remove' ? t.remove : t.block}
          act={async () => {
            await (asked === 'remove' ? chat.friends.remove({ user }) : chat.friends.block({ user }))
          }}
          close={close}
        >
          <p>{asked === 'remove' ? t.removeLead : t.blockLead}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
