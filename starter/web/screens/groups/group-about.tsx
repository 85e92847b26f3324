import type { Group } from '@natter/groups/contract'
import { FormProblem } from '../../parts/form-problem.js'
import { useAct } from '../../parts/use-act.js'
import { useChat } from '../../state/app-state.js'
import { texts } from '../../text/texts.js'
import { togetherTexts } from '../../text/together-texts.js'
import { GroupDoor } from './group-door.js'
import { GroupPicture } from './group-picture.js'
import { GroupTexts } from './group-texts.js'
import { Leaving } from './leaving.js'
import { MemberList } from './member-list.js'
import { GroupRules } from './group-rules.js'

const t = togetherTexts.group

/** What all parts of a group's page need: the group as it is for me, and how to do something about it. */
export interface GroupPart {
  readonly room: Group
  /** I am an admin of it, or its owner. */
  readonly leads: boolean
  readonly act: ReturnType<typeof useAct>['act']
}

/** A group: what it is, who is in it, and what my role lets me do with it. */
export function GroupAbout({ id }: { readonly id: string }) {
  const { rooms, server } = useChat()
  const { act, problem } = useAct()
  const room = rooms.of(id).value
  if (!room) return <p class="quiet">{server.value === 'heard' ? t.gone : texts.loading}</p>
  const leads = room.me.role === 'owner' || room.me.role === 'admin'
  const part = { room, leads, act }
  return (
    <>
      <FormProblem text={problem} />
      {room.settings.announcement && (
        <section>
          <h2>{t.announcement}</h2>
          <p class="announcement" dir="auto">
            {room.settings.announcement}
          </p>
        </section>
      )}
      <MemberList {...part} />
      {(leads || (room.me.role === 'member' && room.settings.membersInvite)) && <GroupDoor {...part} />}
      {leads && <GroupPicture {...part} />}
      {leads && <GroupTexts {...part} />}
      {leads && <GroupRules {...part} />}
      <Leaving {...part} />
    </>
  )
}
