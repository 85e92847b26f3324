import type { Privacy } from '@natter/friends/contract'
import { Check } from '../parts/check.js'
import { Choice } from '../parts/choice.js'
import { FormProblem } from '../parts/form-problem.js'
import { PageHead } from '../parts/page-head.js'
import { useAct } from '../parts/use-act.js'
import { useChat } from '../state/app-state.js'
import { accountTexts } from '../text/account-texts.js'
import { texts } from '../text/texts.js'

const t = accountTexts.privacy
type Who = Privacy['message']

/** Whom I let do what, and what others learn of my reading. */
export function PrivacyPage() {
  const { chat, friends, own } = useChat()
  const { act, problem } = useAct()
  const { privacy } = friends.value
  return (
    <>
      <PageHead title={t.title} back={{ name: 'account' }} inner />
      <div class="page">
        <FormProblem text={problem} />
        {!privacy && <p class="quiet">{texts.loading}</p>}
        {privacy && (
          <section>
            {asked.map(([what, offered]) => (
              <Choice
                key={what}
                label={t.may[what]}
                value={privacy[what]}
                options={offered.map((who): [Who, string] => [who, t.who[who]])}
                change={(who) => act(() => chat.friends.privacy({ [what]: who }), texts.saved)}
              />
            ))}
          </section>
        )}
        <section>
          <Check
            label={t.privateRead}
            checked={own.value.privateRead}
            change={(privateRead) => act(() => chat.offline.privacy({ privateRead }), texts.saved)}
          />
          <p class="field-hint">{t.privateReadHint}</p>
        </section>
      </div>
    </>
  )
}

const anybody = ['everyone', 'friends', 'nobody'] as const satisfies readonly Who[]
/** Who is a friend need not ask to be one. Calls are not in this app. */
const asked = [
  ['message', anybody],
  ['add', ['everyone', 'nobody']],
  ['presence', anybody],
  ['find', anybody],
] as const satisfies readonly (readonly [keyof Privacy, readonly Who[]])[]
