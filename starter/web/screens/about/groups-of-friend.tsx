import { useEffect, useRef } from 'preact/hooks'
import { Check } from '../../parts/check.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import { NewFriendGroup } from '../people/new-friend-group.js'
import type { useAct } from '../../parts/use-act.js'

const t = togetherTexts.friendGroups

/** Into which of my groups I put a friend. */
export function GroupsOfFriend({
  user,
  name,
  act,
}: {
  readonly user: string
  readonly name: string
  readonly act: ReturnType<typeof useAct>['act']
}) {
  const { chat, friends } = useChat()
  const { groups } = friends.value
  const here = friends.value.friends.find((one) => one.user === user)?.groups ?? []
  // All of them go at once: what was ticked just before, and is not heard of yet, is kept.
  const answered = useRef<readonly string[] | undefined>(undefined)
  useEffect(() => void (answered.current = undefined), [here.join()])
  async function put(group: string, yes: boolean) {
    const others = (answered.current ?? here).filter((one) => one !== group)
    const contact = await chat.friends.assign({ user, groups: yes ? [...others, group] : others })
    answered.current = contact.groups ?? []
  }
  return (
    <section>
      <h2>{t.title}</h2>
      {groups.length > 0 && (
        <fieldset class="choices">
          <legend class="visually-hidden">{t.of(name)}</legend>
          {[...groups]
            .sort((a, b) => a.name.localeCompare(b.name))
            .map(({ id, name: label }) => (
              <Check
                key={id}
                label={label}
                checked={here.includes(id)}
                change={(yes) => act(() => put(id, yes), yes ? t.in(name, label) : t.out(name, label))}
              />
            ))}
        </fieldset>
      )}
      <NewFriendGroup made={({ id }) => put(id, true)} />
    </section>
  )
}
