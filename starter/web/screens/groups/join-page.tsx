import { Empty } from '../../parts/empty.js'
import { PageHead } from '../../parts/page-head.js'
import { useAct } from '../../parts/use-act.js'
import { useChat } from '../../state/app-state.js'
import { hashOf } from '../../state/route.js'
import { codeOf } from '../../text/error-text.js'
import { togetherTexts } from '../../text/together-texts.js'

const t = togetherTexts.join

/** Where an invite link leads: one goes in by one's own will, because the others see it. */
export function JoinPage({ link }: { readonly link: string }) {
  const { chat } = useChat()
  const { busy, problem, act } = useAct()
  async function join() {
    const { group } = await chat.groups.join({ link }).catch((error: unknown) => {
      throw codeOf(error) === 'NATTER_NOT_FOUND' ? Object.assign(new Error(t.over), { code: 'over' }) : error
    })
    if (group) location.hash = hashOf({ name: 'conversation', id: group.group })
  }
  return (
    <>
      <PageHead title={t.title} />
      <Empty title={t.question} lead={t.lead}>
        {problem && <p role="alert">{problem}</p>}
        <button type="button" class="button primary" aria-disabled={busy} onClick={() => void act(join)}>
          {t.submit}
        </button>
      </Empty>
    </>
  )
}
