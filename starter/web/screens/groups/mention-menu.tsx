import { useEffect, useState } from 'preact/hooks'
import { Avatar } from '../../parts/avatar.js'
import { useAnnounce } from '../../parts/announcer.js'
import { useChat } from '../../state/app-state.js'
import { texts } from '../../text/texts.js'
import { togetherTexts } from '../../text/together-texts.js'
import { mentionListId } from './mention-list-id.js'
import { useMembers } from './use-members.js'

const t = togetherTexts.mention
const most = 6

interface Option {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly src: string | undefined
}

/** The people of a group whose name or handle begins as what was written behind the @, and all of them. */
export function MentionMenu({
  group,
  begun,
  pick,
  keys,
  setActive,
}: {
  readonly group: string
  readonly begun: string
  /** Puts a mention in place of what was written of it. */
  readonly pick: (handle: string) => void
  /** Where the list leaves what hears of keys first; `true`: it used this one. */
  readonly keys: { current: ((event: KeyboardEvent) => boolean) | undefined }
  /** Which option is chosen now, by the id of its element. */
  readonly setActive: (id: string | undefined) => void
}) {
  const { people, rooms, nameOf, user } = useChat()
  const { members } = useMembers(group, begun)
  const [at, setAt] = useState(0)
  const announce = useAnnounce()
  const written = begun.toLowerCase()
  const fits = (text: string) => text.toLowerCase().startsWith(written)
  const role = rooms.of(group).value?.me.role
  const all: Option = { id: '@all', handle: texts.groups.all, name: t.all, src: undefined }
  const options = [
    ...((role === 'admin' || role === 'owner') && fits(all.handle) ? [all] : []),
    ...members.flatMap(({ user: id }): Option[] => {
      const person = people.of(id).value
      if (!person?.handle || id === user) return []
      const name = nameOf(id)
      if (!fits(person.handle) && !name.toLowerCase().split(/\s+/u).some(fits)) return []
      return [{ id, handle: person.handle, name, src: person.avatar }]
    }),
  ].slice(0, most)
  const chosen = Math.min(at, options.length - 1)
  const idOf = (index: number) => `mention-${index}`

  useEffect(() => setAt(0), [begun])
  useEffect(() => {
    if (options.length > 0) announce(t.offered(options.length))
  }, [options.length])
  useEffect(() => {
    setActive(options.length > 0 ? idOf(chosen) : undefined)
    keys.current = use
    return () => {
      keys.current = undefined
    }
  })
  useEffect(() => () => setActive(undefined), [])

  function use({ key, shiftKey }: KeyboardEvent): boolean {
    const option = options[chosen]
    if (!option) return false
    if (key === 'ArrowDown') setAt((chosen + 1) % options.length)
    else if (key === 'ArrowUp') setAt((chosen + options.length - 1) % options.length)
    else if ((key === 'Enter' || key === 'Tab') && !shiftKey) pick(option.handle)
    else return false
    return true
  }

  if (options.length === 0) return null
  return (
    <ul id={mentionListId} class="mention-list" role="listbox" aria-label={t.list}>
      {options.map(({ id, handle, name, src }, index) => (
        <li
          key={id}
          id={idOf(index)}
          role="option"
          aria-selected={index === chosen}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pick(handle)}
        >
          <Avatar id={id} name={name} src={src} size="small" />
          <span class="mention-name">
            <bdi>{name}</bdi>
          </span>
          <span class="row-detail">{texts.handleOf(handle)}</span>
        </li>
      ))}
    </ul>
  )
}
