import { untilTime } from '../../format/dates.js'
import { Check } from '../../parts/check.js'
import { Choice } from '../../parts/choice.js'
import { FormProblem } from '../../parts/form-problem.js'
import { useAct } from '../../parts/use-act.js'
import type { ConversationInfo } from '../../state/connect-chat.js'
import { useChat } from '../../state/app-state.js'
import { hashOf } from '../../state/route.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.keeping
const hour = 3_600_000
const times = { hour, night: 8 * hour, week: 168 * hour } as const
type Mute = keyof typeof t.mutes | 'now'

/** How I keep a conversation, on all of my devices. Nobody else sees it. */
export function Keeping({ info }: { readonly info: ConversationInfo }) {
  const { chat, own, standing } = useChat()
  const { act, problem } = useAct()
  const { muted, pinned, archived } = standing(info)
  const { settings } = own.value
  const until = settings[info.id]?.muted
  const last = Math.max(0, ...Object.values(settings).map((setting) => setting.pinned ?? 0))
  const set = (change: Omit<Parameters<typeof chat.offline.set>[0], 'conversation'>, words?: string) =>
    act(() => chat.offline.set({ conversation: info.id, ...change }), words)
  const home = async (done: Promise<boolean>) => {
    if (await done) location.hash = hashOf({ name: 'home' })
  }

  const now: Mute = muted ? (until === true ? 'on' : 'now') : 'off'
  const options = (Object.keys(t.mutes) as (keyof typeof t.mutes)[]).map((name): [Mute, string] => [
    name,
    t.mutes[name],
  ])
  if (now === 'now' && typeof until === 'number') options.push(['now', t.mutedUntil(untilTime(until, Date.now()))])
  const mute = (chosen: Mute) => {
    if (chosen === 'now') return Promise.resolve(false)
    if (chosen === 'off' || chosen === 'on') return set({ muted: chosen === 'on' ? true : null })
    return set({ muted: Date.now() + times[chosen] })
  }
  return (
    <section>
      <h2>{t.title}</h2>
      <FormProblem text={problem} />
      <Choice key={now} label={t.mute} value={now} options={options} change={mute} />
      <div>
        <Check label={t.pin} checked={pinned !== undefined} change={(yes) => set({ pinned: yes ? last + 1 : null })} />
        <Check label={t.archive} checked={archived} change={(yes) => set({ archived: yes })} />
      </div>
      <div class="button-row">
        <button type="button" class="button" onClick={() => void home(set({ unread: info.me.read }, t.marked))}>
          {t.markUnread}
        </button>
        <button type="button" class="button" onClick={() => void home(set({ hidden: info.head }, t.hid))}>
          {t.hide}
        </button>
      </div>
      <p class="field-hint">{t.hideHint}</p>
    </section>
  )
}
