import { oidcClient } from '@natter/auth/oidc/client'
import { useEffect } from 'preact/hooks'
import { dayInText } from '../format/dates.js'
import { ConfirmDialog } from '../parts/confirm-dialog.js'
import { FormProblem } from '../parts/form-problem.js'
import { Icon } from '../parts/icon.js'
import { useLoaded } from '../parts/use-loaded.js'
import { useOpened } from '../parts/use-opened.js'
import type { useProof } from '../parts/use-proof.js'
import { useApp } from '../state/app-state.js'
import type { Ways } from '../state/ways.js'
import { formCodeText } from '../text/form-error-text.js'
import { accountTexts } from '../text/account-texts.js'

type Link = Awaited<ReturnType<ReturnType<typeof oidcClient>['links']>>[number]
const t = accountTexts.ways

/** Accounts at providers that log in to this one. */
export function AccountsElsewhere({
  providers,
  withProof,
}: { readonly providers: Ways['providers'] } & Pick<ReturnType<typeof useProof>, 'withProof'>) {
  const { session, fruitless, linked } = useApp()
  const elsewhere = oidcClient(session)
  const { value, problem, again, change } = useLoaded(() => elsewhere.links())
  useEffect(() => {
    if (linked.value) void again()
  }, [linked.value])
  const { opened, open, close } = useOpened<Link>()
  const asked = opened?.what
  const nameOf = (id: string) => providers.find((provider) => provider.id === id)?.name ?? id
  const titleOf = ({ provider, name }: Link) => t.linkAt(nameOf(provider), name)

  return (
    <section>
      <h2>{t.elsewhere}</h2>
      <p>{t.elsewhereLead}</p>
      <FormProblem text={problem ?? (fruitless.value && formCodeText(fruitless.value))} />
      <div role="status">{linked.value && <p class="notice">{t.linked}</p>}</div>
      {value && value.length > 0 && (
        <ul role="list" class="rows">
          {value.map((link) => (
            <li class="row device" key={link.id}>
              <Icon name="link" />
              <div class="device-text">
                <p class="row-title" dir="auto">
                  {titleOf(link)}
                </p>
                <p class="row-detail">{t.keySince(dayInText(link.createdAt, Date.now()))}</p>
              </div>
              <button
                type="button"
                class="icon-button"
                aria-label={t.remove(titleOf(link))}
                title={t.removeShort}
                onClick={() => open(link)}
              >
                <Icon name="bin" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {providers.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          class="button fit"
          onClick={() => void change(() => withProof((proof) => elsewhere.link(id, proof)))}
        >
          {t.link(name)}
        </button>
      ))}
      {asked && (
        <ConfirmDialog
          key={opened}
          title={t.removeTitle(titleOf(asked))}
          confirm={t.removeShort}
          act={async () => {
            linked.value = false
            await withProof((proof) => elsewhere.unlink(asked.id, proof))
            await again()
          }}
          close={close}
        >
          <p>{t.unlinkLead}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
