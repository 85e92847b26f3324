import type { Contact, FriendGroup } from '@natter/friends/contract'
import { ConfirmDialog } from '../../parts/confirm-dialog.js'
import { useOpened } from '../../parts/use-opened.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import { ContactItem } from './contact-item.js'
import { FriendGroupHead } from './friend-group-head.js'
import { NewFriendGroup } from './new-friend-group.js'

const t = togetherTexts.friendGroups
const { people } = togetherTexts

/** My friends, by the groups that I put them into. Who is in several stands in each. */
export function FriendsSection() {
  const { chat, friends, nameOf } = useChat()
  const { friends: mine, groups, ready } = friends.value
  const { opened, open, close } = useOpened<FriendGroup>()
  const sorted = [...mine].sort((a, b) => nameOf(a.user).localeCompare(nameOf(b.user)))
  const inOrder = [...groups].sort((a, b) => a.name.localeCompare(b.name))
  const loose = sorted.filter((friend) => !friend.groups?.length)
  return (
    <section>
      <h2>{people.friends}</h2>
      {mine.length === 0 && ready && <p class="aside">{people.noFriends}</p>}
      {inOrder.map((group) => {
        const inIt = sorted.filter((friend) => friend.groups?.includes(group.id))
        return (
          <div key={group.id} class="friend-group">
            <FriendGroupHead
              group={group}
              size={inIt.length}
              rename={async (name) => void (await chat.friends.renameGroup({ group: group.id, name }))}
              remove={() => open(group)}
            />
            {inIt.length === 0 ? <p class="field-hint">{t.empty}</p> : <Friends friends={inIt} />}
          </div>
        )
      })}
      {groups.length > 0 && loose.length > 0 && <h3>{t.none}</h3>}
      {loose.length > 0 && <Friends friends={loose} />}
      {mine.length + groups.length > 0 && <NewFriendGroup made={() => Promise.resolve()} />}
      {opened && (
        <ConfirmDialog
          key={opened}
          title={t.removeTitle(opened.what.name)}
          confirm={t.remove}
          act={async () => void (await chat.friends.deleteGroup({ group: opened.what.id }))}
          close={close}
        >
          <p>{t.removeLead}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}

const Friends = ({ friends }: { readonly friends: readonly Contact[] }) => (
  <ul role="list" class="rows">
    {friends.map(({ user }) => (
      <ContactItem key={user} user={user} present />
    ))}
  </ul>
)
