import { Icon } from '../parts/icon.js'
import type { IconName } from '../parts/icon.js'
import { ConfirmDialog } from '../parts/confirm-dialog.js'
import { InviteField } from '../parts/invite-field.js'
import { PageHead } from '../parts/page-head.js'
import { useApp, useChat } from '../state/app-state.js'
import { useOpened } from '../parts/use-opened.js'
import { useOwnAccount } from '../parts/use-own-account.js'
import { hashOf } from '../state/route.js'
import { themes } from '../state/theme.js'
import { texts } from '../text/texts.js'
import { accountTexts } from '../text/account-texts.js'
import { ProfileForm } from './profile-form.js'
import { StatusForm } from './status-form.js'

const t = accountTexts.account

/** The person's own page: how others see them, how Natter looks, and what keeps the account safe. */
export function AccountPage() {
  const app = useApp()
  const { unsent } = useChat()
  const { opened, open, close } = useOpened<'leaving'>()
  const own = useOwnAccount()
  return (
    <>
      <PageHead
        title={t.title}
        inner
        {...(app.account.value ? { detail: texts.handleOf(app.account.value.handle) } : {})}
      />
      <div class="page">
        <section>
          <h2>{t.profile}</h2>
          <ProfileForm />
        </section>
        <section>
          <h2>{accountTexts.status.title}</h2>
          <StatusForm />
        </section>
        <section>
          <h2>{t.invite}</h2>
          <InviteField />
        </section>
        <section>
          <h2>{t.appearance}</h2>
          <fieldset class="segments">
            <legend class="visually-hidden">{t.appearance}</legend>
            {themes.map((theme) => (
              <label key={theme}>
                <input
                  type="radio"
                  name="theme"
                  checked={app.theme.value === theme}
                  onChange={() => (app.theme.value = theme)}
                />
                <span>{t.theme[theme]}</span>
              </label>
            ))}
          </fieldset>
        </section>
        <section>
          <h2>{t.safety}</h2>
          <ul role="list" class="rows">
            <RowLink href={hashOf({ name: 'devices' })} icon="device" title={t.devices} detail={t.devicesHint} />
            <RowLink href={hashOf({ name: 'privacy' })} icon="eyeOff" title={t.privacy} detail={t.privacyHint} />
            <RowLink href={hashOf({ name: 'password' })} icon="lock" title={t.password} detail={t.passwordHint} />
            <RowLink href={hashOf({ name: 'ways' })} icon="shield" title={t.ways} detail={t.waysHint} />
            <RowLink
              href={hashOf({ name: 'codes' })}
              icon="key"
              title={t.codes}
              detail={own ? t.codesLeft(own.recoveryCodes) : ''}
            />
            <RowLink href={hashOf({ name: 'data' })} icon="download" title={t.data} detail={t.dataHint} />
            <li>
              <button type="button" class="row" onClick={() => open('leaving')}>
                <Icon name="leave" />
                <span class="row-title">{t.logout}</span>
              </button>
            </li>
          </ul>
        </section>
      </div>
      {opened && (
        <ConfirmDialog
          key={opened}
          title={accountTexts.logout.title}
          confirm={accountTexts.logout.confirm}
          act={() => app.logout()}
          close={close}
        >
          <p>{unsent.value > 0 ? accountTexts.logout.unsent(unsent.value) : accountTexts.logout.lead}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

function RowLink({ href, icon, title, detail }: { href: string; icon: IconName; title: string; detail: string }) {
  return (
    <li>
      <a class="row" href={href}>
        <Icon name={icon} />
        <span class="row-title">{title}</span>
        <span class="row-detail">{detail}</span>
        <Icon name="chevron" />
      </a>
    </li>
  )
}
