import type { FriendGroup } from '@natter/friends/contract'
import { Icon } from '../../parts/icon.js'
import { useRename } from '../../parts/use-rename.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.friendGroups

/** The name of a group of friends, which can be another, and how many are in it. */
export function FriendGroupHead({
  group: { name },
  size,
  rename,
  remove,
}: {
  readonly group: FriendGroup
  readonly size: number
  readonly rename: (name: string) => Promise<void>
  readonly remove: () => void
}) {
  const { form, edit, begin } = useRename({ label: t.name, missing: t.nameMissing }, name, rename)
  if (form) return form
  return (
    <div class="friend-group-head">
      <h3>
        <bdi>{name}</bdi> <span class="count">{size}</span>
      </h3>
      <button
        ref={edit}
        type="button"
        class="icon-button"
        aria-label={t.renameOf(name)}
        title={t.renameOf(name)}
        onClick={begin}
      >
        <Icon name="pencil" />
      </button>
      <button type="button" class="icon-button" aria-label={t.removeOf(name)} title={t.removeOf(name)} onClick={remove}>
        <Icon name="bin" />
      </button>
    </div>
  )
}
