import { passkeysClient } from '@natter/auth/passkeys/client'
import { useState } from 'preact/hooks'
import { ConfirmDialog } from '../parts/confirm-dialog.js'
import { FormProblem } from '../parts/form-problem.js'
import { Icon } from '../parts/icon.js'
import { useLoaded } from '../parts/use-loaded.js'
import { useOpened } from '../parts/use-opened.js'
import type { useProof } from '../parts/use-proof.js'
import { useApp } from '../state/app-state.js'
import { accountTexts } from '../text/account-texts.js'
import { PasskeyItem } from './passkey-item.js'

export type Passkey = Awaited<ReturnType<ReturnType<typeof passkeysClient>['list']>>[number]
const t = accountTexts.ways

/** The passkeys of the account. */
export function Passkeys({ withProof }: Pick<ReturnType<typeof useProof>, 'withProof'>) {
  const { session } = useApp()
  const keys = passkeysClient(session)
  const { value, problem, again, change } = useLoaded(() => keys.list())
  const [done, setDone] = useState(false)
  const { opened, open, close } = useOpened<Passkey>()
  const asked = opened?.what

  const add = () =>
    change(async () => {
      setDone(false)
      await withProof(async (proof) => {
        await keys.add(proof)
        setDone(true)
      })
    })

  return (
    <section>
      <h2>{t.keys}</h2>
      <p>{t.keysLead}</p>
      <FormProblem text={problem} />
      <div role="status">{done && <p class="notice">{t.keyAdded}</p>}</div>
      {value && value.length > 0 && (
        <ul role="list" class="rows">
          {value.map((passkey) => (
            <PasskeyItem
              key={passkey.id}
              passkey={passkey}
              rename={async (name) => {
                await withProof(async (proof) => void (await keys.change(passkey.id, { ...proof, name })))
                await again()
              }}
              second={(second) =>
                void change(() =>
                  withProof(async (proof) => void (await keys.change(passkey.id, { ...proof, second }))),
                )
              }
              remove={() => open(passkey)}
            />
          ))}
        </ul>
      )}
      {value?.length === 0 && <p class="field-hint">{t.keysNone}</p>}
      {keys.supported() ? (
        <button type="button" class="button fit" onClick={() => void add()}>
          <Icon name="key" />
          {t.keyAdd}
        </button>
      ) : (
        <p class="field-hint">{t.keysUnsupported}</p>
      )}
      {asked && (
        <ConfirmDialog
          key={opened}
          title={t.removeTitle(asked.name)}
          confirm={t.removeShort}
          act={async () => {
            setDone(false)
            await withProof((proof) => keys.remove(asked.id, proof))
            await again()
          }}
          close={close}
        >
          <p>{t.keyRemoveLead}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
