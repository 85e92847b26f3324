import type { SomeSettings } from '@natter/groups/contract'
import { Check } from '../../parts/check.js'
import { Choice } from '../../parts/choice.js'
import { useChat } from '../../state/app-state.js'
import { togetherTexts } from '../../text/together-texts.js'
import type { GroupPart } from './group-about.js'

const t = togetherTexts.group
const slows = [0, 10_000, 60_000, 3_600_000] as const

/** Who comes in, who writes, and how often. */
export function GroupRules({ room: { group, settings }, act }: GroupPart) {
  const { chat } = useChat()
  const { membersInvite, muted, history, slowMs } = settings
  const set = (change: SomeSettings) => act(() => chat.groups.set({ group, settings: change }), t.saved)
  return (
    <section>
      <h2>{t.rules}</h2>
      <div>
        <Check label={t.membersInvite} checked={membersInvite} change={(yes) => set({ membersInvite: yes })} />
        <Check label={t.onlyAdmins} checked={muted} change={(yes) => set({ muted: yes })} />
        <Check
          label={t.seesAll}
          checked={history === 'start'}
          change={(all) => set({ history: all ? 'start' : 'join' })}
        />
      </div>
      <Choice
        label={t.slow}
        value={String(slowMs)}
        options={slows.map((ms) => [String(ms), t.slows[ms]])}
        change={(ms) => set({ slowMs: Number(ms) })}
      />
    </section>
  )
}
