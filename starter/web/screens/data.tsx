import { FormProblem } from '../parts/form-problem.js'
import { Icon } from '../parts/icon.js'
import { PageHead } from '../parts/page-head.js'
import { saveFile } from '../parts/save-file.js'
import { useAct } from '../parts/use-act.js'
import { useOpened } from '../parts/use-opened.js'
import { useProof } from '../parts/use-proof.js'
import { useApp } from '../state/app-state.js'
import { accountTexts } from '../text/account-texts.js'
import { EraseDialog } from './erase-dialog.js'

const t = accountTexts.data

/** What the server holds of me: to be taken along, or to be deleted with the account. */
export function DataPage() {
  const { session, account } = useApp()
  const { busy, problem, act } = useAct()
  const { withProof, dialog } = useProof()
  const { opened, open, close } = useOpened<'ending'>()
  const handle = account.value?.handle ?? ''

  const get = () =>
    act(() =>
      withProof(async (proof) => saveFile(t.file(handle), await session.exportMe(proof), 'application/x-ndjson')),
    )
  return (
    <>
      <PageHead title={t.title} back={{ name: 'account' }} inner />
      <div class="page">
        <FormProblem text={problem} />
        <section>
          <h2>{t.getTitle}</h2>
          <p>{t.getLead}</p>
          <button type="button" class="button fit" aria-disabled={busy} onClick={() => void (busy || get())}>
            <Icon name="download" />
            {t.get}
          </button>
        </section>
        <section>
          <h2>{t.endTitle}</h2>
          <p>{t.endLead}</p>
          <button type="button" class="button danger fit" onClick={() => open('ending')}>
            {t.end}
          </button>
        </section>
      </div>
      {opened && <EraseDialog key={opened} handle={handle} close={close} />}
      {dialog}
    </>
  )
}
