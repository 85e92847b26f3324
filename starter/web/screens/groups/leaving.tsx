import { ConfirmDialog } from '../../parts/confirm-dialog.js'
import { useOpened } from '../../parts/use-opened.js'
import { useChat } from '../../state/app-state.js'
import { hashOf } from '../../state/route.js'
import { togetherTexts } from '../../text/together-texts.js'
import type { GroupPart } from './group-about.js'

const t = togetherTexts.group

/** The way out; for the owner, the end of the group. */
export function Leaving({ room: { group, me, settings } }: GroupPart) {
  const { chat } = useChat()
  const { opened, open, close } = useOpened<'leaving'>()
  const owner = me.role === 'owner'
  return (
    <section>
      <h2>{t.leaving}</h2>
      {owner && <p>{t.owns}</p>}
      <button type="button" class="button fit" onClick={() => open('leaving')}>
        {owner ? t.dissolve : t.leave}
      </button>
      {opened && (
        <ConfirmDialog
          key={opened}
          title={(owner ? t.dissolveTitle : t.leaveTitle)(settings.name)}
          confirm={owner ? t.dissolve : t.leave}
          act={async () => {
            await (owner ? chat.groups.dissolve({ group }) : chat.groups.leave({ group }))
            location.hash = hashOf({ name: 'home' })
          }}
          close={close}
        >
          <p>{owner ? t.dissolveLead : t.leaveLead}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
