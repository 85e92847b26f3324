import type { RoleGiven } from '@natter/groups/contract'
import { Choice } from '../../parts/choice.js'
import { ConfirmDialog } from '../../parts/confirm-dialog.js'
import { useOpened } from '../../parts/use-opened.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import type { GroupPart } from './group-about.js'
import type { Member } from './use-members.js'

const t = togetherTexts.group
const day = 86_400_000
const asks = {
  kick: { title: t.kickTitle, lead: t.kickLead, confirm: t.kick },
  ban: { title: t.banTitle, lead: t.banLead, confirm: t.ban },
  transfer: { title: t.transferTitle, lead: t.transferLead, confirm: t.transfer },
} as const

/** What an admin or the owner can do with somebody else. */
export function MemberActions({
  room: { group },
  act,
  member: { user, role },
  name,
  muted,
  owner,
}: GroupPart & {
  readonly member: Member
  readonly name: string
  readonly muted: boolean
  /** I am the owner. */
  readonly owner: boolean
}) {
  const { chat } = useChat()
  const { opened, open, close } = useOpened<keyof typeof asks>()
  const asked = opened?.what
  const roles: readonly RoleGiven[] = owner ? ['admin', 'member', 'reader'] : ['member', 'reader']
  return (
    <>
      {(owner || role !== 'admin') && (
        <Choice
          label={t.role}
          value={role === 'owner' ? 'member' : role}
          options={roles.map((one) => [one, t.roles[one]])}
          change={(chosen) => act(() => chat.groups.giveRole({ group, user, role: chosen }))}
        />
      )}
      <button
        type="button"
        class="button small"
        onClick={() =>
          void act(() => (muted ? chat.groups.unmute({ group, user }) : chat.groups.mute({ group, user, forMs: day })))
        }
      >
        {muted ? t.unmute : t.mute}
      </button>
      <button type="button" class="button small" onClick={() => open('kick')}>
        {t.kick}
      </button>
      <button type="button" class="button small" onClick={() => open('ban')}>
        {t.ban}
      </button>
      {owner && (
        <button type="button" class="button small" onClick={() => open('transfer')}>
          {t.transfer}
        </button>
      )}
      {asked && (
        <ConfirmDialog
          key={opened}
          title={asks[asked].title(name)}
          confirm={asks[asked].confirm}
          act={async () => void (await chat.groups[asked]({ group, user }))}
          close={close}
        >
          <p>{asks[asked].lead}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
